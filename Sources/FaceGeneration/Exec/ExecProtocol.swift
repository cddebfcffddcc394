internal import Diagnostics
internal import Domain

/// The lines of the protocol `d2r-exec 1`.
struct ExecProtocol {
  static let version = "d2r-exec 1"
  /// Most bytes of a line that a program writes.
  static let longestLine = 1 << 20

  /// What messages call the program.
  let name: String

  /// The tool's first line.
  func greeting(_ input: GeneratorInput) -> String {
    let line: JSONValue = [
      "protocol": .string(Self.version), "model": .string(name),
      "kind": .string(input.kind.rawValue), "width": .int(input.width),
    ]
    return line.compact
  }

  /// What a program says of itself once it is ready.
  struct Readiness: Equatable {
    var name: String
    /// Most pictures it takes at once, where it says so.
    var batch: Int?
  }

  func readiness(_ line: [UInt8]) throws(GenerationError) -> Readiness {
    let answer = try object(line)
    guard let isReady = answer["ready"]?.boolValue else {
      throw unfit("did not answer the greeting with {\"ready\": true} or {\"ready\": false}")
    }
    guard isReady else {
      let reason = answer["reason"]?.stringValue ?? "it gives no reason"
      throw GenerationError(.programFailed, "generator \(name) is not ready: \(short(reason))")
    }
    var readiness = Readiness(name: short(answer["name"]?.stringValue ?? name))
    if let batch = answer["batch"], !batch.isNull {
      guard let count = batch.intValue, count > 0 else {
        throw unfit("says that it takes '\(short(batch.compact))' pictures at once")
      }
      readiness.batch = count
    }
    return readiness
  }

  /// Asks for pictures. Seeds are texts: a JSON number need not hold 64 bits.
  func request(id: Int, seeds: [UInt64], vectors: String, output: String) -> String {
    let line: JSONValue = [
      "id": .int(id), "vectors": .string(vectors),
      "seeds": .array(seeds.map { .string(String($0)) }), "output": .string(output),
    ]
    return line.compact
  }

  /// One order's answer before any file is read.
  enum Answer: Equatable {
    /// A file's name in the output folder.
    case file(String)
    case none(reason: String)
  }

  func answers(_ line: [UInt8], id: Int, count: Int) throws(GenerationError) -> [Answer] {
    let answer = try object(line)
    guard answer["id"]?.intValue == id else {
      let given = answer["id"].map { short($0.compact) } ?? "none"
      throw unfit("answered with the id \(given) where \(id) was asked")
    }
    if let fault = answer["error"]?.stringValue {
      throw GenerationError(.programFailed, "generator \(name) gave up: \(short(fault))")
    }
    guard let names = answer["pictures"]?.arrayValue else {
      throw unfit("answered without a list 'pictures'")
    }
    guard names.count == count else {
      throw unfit("gave \(names.count) pictures where \(count) were asked")
    }
    let reasons = try self.reasons(answer["reasons"], count: count)
    var answers: [Answer] = []
    for (place, name) in names.enumerated() {
      if name.isNull {
        answers.append(.none(reason: reasons[place] ?? "the program gave none"))
      } else {
        answers.append(.file(try plainName(name)))
      }
    }
    return answers
  }

  private func reasons(_ value: JSONValue?, count: Int) throws(GenerationError) -> [String?] {
    guard let value, !value.isNull else { return Array(repeating: nil, count: count) }
    guard let list = value.arrayValue, list.count == count else {
      throw unfit("gave 'reasons' that are no list of \(count)")
    }
    return list.map { $0.stringValue.map { short($0) } }
  }

  /// A name that leads nowhere but into the folder.
  private func plainName(_ value: JSONValue) throws(GenerationError) -> String {
    guard let name = value.stringValue, !name.isEmpty, name != ".", name != "..",
      name.utf8.count <= 255, !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
    else {
      throw unfit("named a picture '\(short(value.compact))', which is no plain file name")
    }
    return name
  }

  private func object(_ line: [UInt8]) throws(GenerationError) -> JSONValue {
    let fault: String
    do throws(JSONError) {
      let value = try JSONValue(parsing: line, depthLimit: 16)
      if value.objectValue != nil { return value }
      fault = "it is no object"
    } catch {
      fault = error.fault
    }
    let start = short(String(decoding: line.prefix(60), as: UTF8.self))
    throw unfit("answered '\(start)', which is not the JSON expected: \(fault)")
  }

  private func unfit(_ what: String) -> GenerationError {
    GenerationError(
      .programUnfit, "generator \(name) \(what)",
      hint: "correct the program; docs/exec.md says what it is to answer")
  }

  /// Text of a stranger on one line, without control characters.
  private func short(_ text: String) -> String {
    let plain = text.unicodeScalars.map {
      $0.properties.generalCategory == .control ? " " : Character($0)
    }
    return plain.count <= 200 ? String(plain) : String(plain.prefix(199)) + "…"
  }
}
