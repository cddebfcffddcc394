import Diagnostics
import Foundation
import Testing

@Suite struct JSONWritingTests {
  @Test func `keys are sorted by scalars at every level`() {
    let value: JSONValue = ["b": 1, "a": ["z": nil, "é": true, "Z": 2], "ab": []]
    #expect(value.compact == #"{"a":{"Z":2,"z":null,"é":true},"ab":[],"b":1}"#)
  }

  @Test func `the pretty form is indented and keeps empty containers short`() {
    let value: JSONValue = ["list": [1, [:]], "empty": []]
    #expect(
      value.pretty == """
        {
          "empty": [],
          "list": [
            1,
            {}
          ]
        }
        """)
  }

  @Test func `numbers are written with the fewest digits that read back the same`() {
    let cases: [(JSONValue, String)] = [
      (0.1, "0.1"), (1.0, "1.0"), (1e300, "1e+300"), (JSONValue(Float(0.1)), "0.1"),
      (JSONValue(Float(1e-8)), "1e-08"), (.double(-0.0), "-0.0"), (.int(.min), "\(Int.min)"),
      (.double(.leastNonzeroMagnitude), "5e-324"),
    ]
    for (value, text) in cases { #expect(value.compact == text) }
  }

  @Test func `a number that is none becomes null`() {
    #expect(JSONValue.double(.nan).compact == "null")
    #expect(JSONValue.double(.infinity).compact == "null")
    #expect(JSONValue(-Float.infinity).compact == "null")
  }

  @Test func `text is escaped and can stand inside a web page`() {
    let text: JSONValue = "\"\\/\n\r\t\u{0}\u{1F}\u{7F}\u{2028}</script>😀"
    #expect(
      text.compact == #""\"\\/\n\r\t\u0000\u001f\u007f\u2028\u003c/script>😀""#)
  }
}

@Suite struct JSONReadingTests {
  @Test func `whole numbers are ints, others doubles`() throws {
    #expect(try JSONValue(parsing: "12") == 12)
    #expect(try JSONValue(parsing: "-7") == -7)
    #expect(try JSONValue(parsing: "12.0") == .double(12))
    #expect(try JSONValue(parsing: "1e2") == .double(100))
    #expect(try JSONValue(parsing: "99999999999999999999") == .double(1e20))
    #expect(try JSONValue(parsing: "-0").compact == "-0.0")
  }

  @Test func `all escapes are read`() throws {
    #expect(
      try JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#).stringValue
        == "\"\\/\u{08}\u{0C}\n\r\té😀")
  }

  @Test func `parts are reached by key and place, whatever is missing`() throws {
    let value = try JSONValue(parsing: #" { "a" : [ 1 , { "b" : true } ] , "c" : null } "#)
    #expect(value["a"]?[1]?["b"]?.boolValue == true)
    #expect(value["a"]?[0]?.intValue == 1)
    #expect(value["a"]?[0]?.doubleValue == 1)
    #expect(value["c"]?.isNull == true)
    #expect(value["a"]?[2] == nil)
    #expect(value["a"]?[-1] == nil)
    #expect(value["x"]?["y"] == nil)
    #expect(value["a"]?.stringValue == nil)
    #expect(JSONValue.double(2.5).intValue == nil)
    #expect(JSONValue.double(1e300).intValue == nil)
  }

  @Test func `members are set and removed by key`() {
    var value: JSONValue = [:]
    value["a"] = 1
    value["b"] = "x"
    value["a"] = nil as JSONValue?
    #expect(value == ["b": "x"])
  }

  static let faults: [(text: String, code: JSONError.Code, message: String)] = [
    ("", .syntax, "line 1, column 1: expected a value, but found the end of the text"),
    ("  \n ", .syntax, "line 2, column 2: expected a value, but found the end of the text"),
    (
      "{\"a\":1,\n \"b\" 2}", .syntax,
      "line 2, column 6: expected \":\" after \"b\", but found \"2\""
    ),
    ("[1 2]", .syntax, "line 1, column 4: expected \",\" or \"]\", but found \"2\""),
    ("[1,]", .syntax, "line 1, column 4: expected a value, but found \"]\""),
    ("{\"a\":1,}", .syntax, "line 1, column 8: expected a key in quotes, but found \"}\""),
    ("{a:1}", .syntax, "line 1, column 2: expected a key in quotes, but found \"a\""),
    (
      "{\"a\":1", .syntax,
      "line 1, column 7: expected \",\" or \"}\", but found the end of the text"
    ),
    ("{\"a\":1,\"a\":2}", .duplicateKey, "line 1, column 8: the key \"a\" stands twice"),
    ("1 1", .syntax, "line 1, column 3: expected the end, but \"1\" follows the value"),
    ("01", .syntax, "line 1, column 2: expected the end, but \"1\" follows the value"),
    ("1.", .syntax, "line 1, column 3: expected a digit, but found the end of the text"),
    ("-", .syntax, "line 1, column 2: expected a digit, but found the end of the text"),
    ("1e+", .syntax, "line 1, column 4: expected a digit, but found the end of the text"),
    ("1e999", .syntax, "line 1, column 1: the number 1e999 is too large"),
    ("nul", .syntax, "line 1, column 1: expected null, but found something else"),
    ("NaN", .syntax, "line 1, column 1: expected a value, but found \"N\""),
    ("\"abc", .syntax, "line 1, column 1: the string that starts here never ends"),
    ("\"a\nb\"", .syntax, "line 1, column 3: a control character in a string must be escaped"),
    ("\"\\x\"", .syntax, "line 1, column 2: unknown escape in a string"),
    ("\"\\u12G4\"", .syntax, "line 1, column 2: \\u needs four hexadecimal digits"),
    ("\"\\u+123\"", .syntax, "line 1, column 2: \\u needs four hexadecimal digits"),
    ("\"\\ud800\"", .invalidText, "line 1, column 2: half of a surrogate pair stands alone"),
    ("\"\\udc00\"", .invalidText, "line 1, column 2: half of a surrogate pair stands alone"),
    ("\"\\ud800\\u0041\"", .invalidText, "line 1, column 2: half of a surrogate pair stands alone"),
    (
      "\u{FEFF}1", .syntax,
      "line 1, column 1: starts with a byte order mark, which JSON does not allow"
    ),
    ("[[[[", .tooDeep, "line 1, column 4: nested deeper than 2 levels"),
  ]

  @Test func `every fault is named with its line and column`() {
    for fault in Self.faults {
      let depth = fault.code == .tooDeep ? 2 : 128
      let error = #expect(throws: JSONError.self, "\(fault.text)") {
        try JSONValue(parsing: fault.text, depthLimit: depth)
      }
      #expect(error?.message == fault.message)
      #expect(error?.code == fault.code)
    }
  }

  @Test func `bytes that are no text are refused`() {
    let error = #expect(throws: JSONError.self) {
      try JSONValue(parsing: [0x22, 0xFF, 0x22] as [UInt8])
    }
    #expect(error?.code == .invalidText)
  }

  @Test func `a hundred thousand brackets cannot exhaust the stack`() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func `what was written reads back the same`() throws {
    var generator = SystemRandomNumberGenerator()
    let seed = generator.next()
    var random = SplitMix(state: seed)
    for round in 0..<500 {
      let value = anyValue(depth: 4, &random)
      #expect(try JSONValue(parsing: value.compact) == value, "seed \(seed), round \(round)")
      #expect(try JSONValue(parsing: value.pretty) == value, "seed \(seed), round \(round)")
    }
  }

  @Test func `a damaged document is refused or read, never a crash`() {
    var random = SplitMix(state: 11)
    let whole = Array(#"{"a":[1,2.5e-3,"x\u00e9\n",true,null],"b":{"c":"d"}}"#.utf8)
    for _ in 0..<20_000 {
      var bytes = whole
      for _ in 0...Int(random.next() % 3) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = try? JSONValue(parsing: Array(bytes.prefix(Int(random.next() % 60))))
    }
  }

  @Test func `Foundation reads what we write`() throws {
    let value: JSONValue = ["text": "\u{0}\"\\<\u{2028}😀", "numbers": [1, 0.1, -1e-300]]
    let object = try JSONSerialization.jsonObject(with: Data(value.pretty.utf8))
    let members = try #require(object as? [String: Any])
    #expect(members["text"] as? String == "\u{0}\"\\<\u{2028}😀")
    #expect(members["numbers"] as? [Double] == [1, 0.1, -1e-300])
  }

  private func anyValue(depth: Int, _ random: inout SplitMix) -> JSONValue {
    switch random.next() % (depth == 0 ? 5 : 7) {
    case 0: return nil
    case 1: return .bool(random.next() % 2 == 0)
    case 2: return .int(Int(truncatingIfNeeded: random.next()))
    case 3:
      let double = Double(bitPattern: random.next())
      return double.isFinite ? .double(double) : 0.5
    case 4: return .string(anyText(&random))
    case 5: return .array((0..<random.next() % 4).map { _ in anyValue(depth: depth - 1, &random) })
    default:
      let members = (0..<random.next() % 4).map { _ in
        (anyText(&random), anyValue(depth: depth - 1, &random))
      }
      return .object(Dictionary(members) { first, _ in first })
    }
  }

  private func anyText(_ random: inout SplitMix) -> String {
    var text = ""
    for _ in 0..<random.next() % 6 {
      if let scalar = Unicode.Scalar(UInt32(random.next() % 0x11_0000)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

/// A small seeded generator for tests (Steele, Lea and Flood, SplitMix64).
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
