import OpenInference
import Testing

@Suite struct ServerAddressTests {
  @Test func `a sound address gives its host and says whether it stays on this machine`() throws {
    let cases = [
      ("http://127.0.0.1:8000", "127.0.0.1", true), ("http://localhost:8000/", "localhost", true),
      ("https://models.example.org/deep/path", "models.example.org", false),
      ("http://[::1]:9", "::1", true),
      ("http://127.0.0.1.example.org", "127.0.0.1.example.org", false),
      ("http://10.0.0.2", "10.0.0.2", false),
    ]
    for (text, host, isLoopback) in cases {
      let address = try ServerAddress(text)
      #expect(address.host == host)
      #expect(address.isLoopback == isLoopback, "\(text)")
    }
  }

  @Test(arguments: [
    "ftp://a", "http://", "http://:80", "http://user:secret@host", "http://host:99999",
    "http://host/?q", "http://host/#f", "http://ho st", "http://[::1", "host:80",
  ])
  func `any other is refused`(text: String) {
    let error = #expect(throws: OpenInferenceError.self) { try ServerAddress(text) }
    #expect(error?.code == .badRequest)
    #expect(error?.message.contains("secret") == false)
  }
}

@Suite struct RetryPolicyTests {
  @Test func `pauses double up to the longest, with a factor of a half to one`() {
    let policy = RetryPolicy(patience: 100)
    for call in UInt64(0)..<20 {
      for attempt in 1...12 {
        let full = min(10, 0.25 * Double(1 << (attempt - 1)))
        let pause = policy.pause(before: attempt, call: call)
        #expect(pause >= full / 2 && pause < full)
        #expect(pause == policy.pause(before: attempt, call: call))
      }
    }
    #expect(Set((UInt64(0)..<20).map { policy.pause(before: 1, call: $0) }).count == 20)
  }

  @Test func `a server's wish is heeded up to the caller's patience`() {
    let policy = RetryPolicy(patience: 30)
    #expect(policy.pause(before: 1, call: 0, wish: 7) == 7)
    #expect(policy.pause(before: 1, call: 0, wish: 1e9) == 30)
    #expect(policy.pause(before: 1, call: 0, wish: -5) < 1)
  }
}

@Suite struct InferResponseTests {
  private func parse(
    _ json: String, _ tail: [UInt8]? = nil, wanted: [String] = ["image"]
  ) throws(OpenInferenceError) -> InferResponse {
    let head = Array(json.utf8)
    return try InferResponse(
      body: head + (tail ?? []), header: tail == nil ? nil : head.count, wanted: wanted)
  }

  private func output(_ type: String, _ shape: String, _ rest: String) -> String {
    #"{"outputs":[{"name":"image","datatype":"\#(type)","shape":\#(shape),\#(rest)}]}"#
  }

  @Test func `binary floats are read little-endian`() throws {
    let answer = try parse(
      output("FP32", "[1,2]", #""parameters":{"binary_data_size":8}"#),
      [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    #expect(answer["image"]?.values == .float32([1, -2]))
    #expect(answer["image"]?.shape == [1, 2])
  }

  @Test func `half floats, bytes and whole numbers are read too`() throws {
    let half = try parse(
      output("FP16", "[1]", #""parameters":{"binary_data_size":2}"#), [0x00, 0x3C])
    #expect(half["image"]?.values.floats == [1])
    let items = try parse(
      output("BYTES", "[2]", #""parameters":{"binary_data_size":11}"#),
      [2, 0, 0, 0, 65, 66, 1, 0, 0, 0, 67])
    #expect(items["image"]?.values == .bytes([[65, 66], [67]]))
    let whole = try parse(output("INT64", "[2]", #""data":[-1,7]"#))
    #expect(whole["image"]?.values == .int64([-1, 7]))
  }

  @Test func `JSON data may be flat or nested, and null or NaN is no number`() throws {
    let flat = try parse(output("FP32", "[2,2]", #""data":[1,2.5,null,4]"#))
    let nested = try parse(output("FP32", "[2,2]", #""data":[[1,2.5],[NaN,4]]"#))
    for answer in [flat, nested] {
      let values = try #require(answer["image"]?.values.floats)
      #expect(values[1] == 2.5 && values[2].isNaN && values[3] == 4)
    }
  }

  @Test func `words inside texts stay as they are`() throws {
    let answer = try parse(
      #"{"outputs":[{"name":"NaN \"Infinity","datatype":"UINT8","shape":[1],"data":[7]}]}"#,
      wanted: ["NaN \"Infinity"])
    #expect(answer.outputs[0].values == .uint8([7]))
  }

  @Test func `what does not add up is refused in words`() {
    let size = { (bytes: Int) in #""parameters":{"binary_data_size":\#(bytes)}"# }
    let cases: [(String, [UInt8]?, String)] = [
      ("{}", nil, "has no list 'outputs'"),
      ("<html>", nil, "is not the JSON it should be"),
      (#"{"outputs":[]}"#, nil, "holds no output 'image'; it has none"),
      (output("FP32", "[-1,2]", #""data":[1,2]"#), nil, "no shape of whole numbers"),
      (output("FP32", "[1.5]", #""data":[1]"#), nil, "no shape of whole numbers"),
      (output("FP99", "[1]", #""data":[1]"#), nil, "no datatype of the protocol"),
      (output("FP32", "[3]", #""data":[1,2]"#), nil, "no data for output 'image' that is FP32 [3]"),
      (output("UINT8", "[1]", #""data":[256]"#), nil, "that is UINT8 [1]"),
      (output("FP32", "[2]", size(4)), [0, 0, 0, 0], "which is no FP32 [2] read here"),
      (output("FP32", "[1]", size(4)), [0, 0], "says 4 bytes belong to output 'image', and 2 are"),
      (output("FP32", "[1]", size(-4)), [0, 0, 0, 0], "says -4 bytes belong"),
      (output("FP32", "[1]", size(4)), [0, 0, 0, 0, 9], "has 1 bytes that belong to no output"),
      (output("BYTES", "[1]", size(4)), [9, 0, 0, 0], "which is no BYTES [1]"),
      (
        output("UINT8", "[9223372036854775807,4]", size(0)), [], "no shape of whole numbers"
      ),
      (output("UINT8", "[9223372036854775807]", #""data":[]"#), nil, "no data for output"),
    ]
    for (json, tail, words) in cases {
      let error = #expect(throws: OpenInferenceError.self) { try parse(json, tail) }
      #expect(error?.code == .badAnswer)
      #expect(error?.message.contains(words) == true, "\(json): \(error?.message ?? "")")
    }
    for header in [-1, 3, Int.max] {
      #expect(throws: OpenInferenceError.self) {
        try InferResponse(body: [123, 125], header: header, wanted: [])
      }
    }
  }

  @Test func `no damage to an answer brings the reader down`() {
    let head = Array(
      output("FP32", "[2,3]", #""parameters":{"binary_data_size":24},"extra":[NaN,-Infinity]"#).utf8
    )
    let sound = head + (0..<24).map { UInt8($0) }
    var state: UInt64 = 7
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var read = 0
    for _ in 0..<4000 {
      var bytes = sound
      for _ in 0...next(4) { bytes[next(bytes.count)] = UInt8(next(256)) }
      if next(3) == 0 { bytes.removeLast(next(bytes.count)) }
      let header = next(5) == 0 ? next(bytes.count + 9) - 4 : min(head.count, bytes.count)
      if (try? InferResponse(body: bytes, header: header, wanted: ["image"])) != nil { read += 1 }
    }
    #expect(read > 50 && read < 4000, "\(read) of 4000 were still sound")
  }
}

@Suite struct ModelDescriptionTests {
  private func describe(_ server: String, _ model: String, _ settings: String?) throws
    -> ModelDescription
  {
    try ModelDescription(
      server: Array(server.utf8), model: Array(model.utf8),
      configuration: settings.map { Array($0.utf8) })
  }

  @Test func `Triton says what it takes and how much at once`() throws {
    let found = try describe(
      #"{"name":"triton","version":"2.51.0","extensions":["binary_tensor_data"]}"#,
      #"{"name":"g","inputs":[{"name":"z","datatype":"FP32","shape":[-1,100]}],"outputs":[]}"#,
      #"{"max_batch_size":8}"#)
    #expect(found.server == "triton 2.51.0")
    #expect(found.takesBinary && found.largestBatch == 8)
    #expect(found.inputs[0].fits(.float32, [3, 100]))
    #expect(!found.inputs[0].fits(.float32, [3, 99]) && !found.inputs[0].fits(.int64, [3, 100]))
  }

  @Test func `MLServer says less`() throws {
    let found = try describe(
      #"{"name":"mlserver","version":"1.7.1","extensions":[]}"#, #"{"name":"g","inputs":null}"#, nil
    )
    #expect(!found.takesBinary && found.largestBatch == nil && found.inputs.isEmpty)
  }

  @Test(arguments: ["[]", "{", #"{"inputs":[{"name":"z"}]}"#, #"{"inputs":7}"#])
  func `a description that is none is refused`(model: String) {
    #expect(throws: OpenInferenceError.self) { try describe("{}", model, nil) }
  }
}
