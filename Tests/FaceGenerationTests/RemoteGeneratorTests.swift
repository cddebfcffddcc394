import Domain
import FaceGeneration
import Foundation
import HTTP
import OpenInference
import Testing

@Suite(.enabled(if: FaultServer.shared != nil, "needs /usr/bin/python3"))
struct RemoteGeneratorTests {
  private var description: RemoteDescription {
    var description = RemoteDescription(
      name: "g", digest: "d", driven: GeneratorInput(.identity, width: 4))
    description.input = "identity"
    description.seed = "seed"
    description.width = 8
    description.height = 8
    description.range = -1...1
    return description
  }

  private func open(
    _ model: String, at url: String? = nil,
    _ change: (inout ServedModel.Options) -> Void = { _ in },
    authorities: String? = nil
  ) throws -> RemoteGenerator {
    var options = ServedModel.Options(model: model)
    options.patience = 6
    change(&options)
    let address = try ServerAddress(url ?? #require(FaultServer.shared).url)
    return try RemoteGenerator(
      description,
      server: ServedModel(address, options, client: HTTPClient(authorities: authorities)))
  }

  private func orders(_ count: Int) -> PictureOrders {
    let values = (0..<4 * count).map { Float($0) / 7 }
    return PictureOrders(
      Vectors(count: count, width: 4, values: values), seeds: (0..<count).map { UInt64($0) << 40 })
  }

  private func asked(_ model: String) throws -> Int {
    let body = try HTTPClient().send(
      HTTPRequest(.get, #require(FaultServer.shared).url + "/count")
    ).body
    let counts = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Int]
    return counts?[model] ?? 0
  }

  @Test func `the same orders give the same pictures, batched or not, in bytes or in JSON`() throws
  {
    let generator = try open("good")
    #expect(generator.preferredBatch == 4)
    let all = try generator.pictures(for: orders(6))
    #expect(Set(all.compactMap(\.picture).map(\.pixels)).count == 6)
    let one = PictureOrders(
      Vectors(count: 1, width: 4, values: Array(orders(6).vectors.values[20...])),
      seeds: [orders(6).seeds[5]])
    #expect(try generator.pictures(for: one) == [all[5]])
    #expect(try open("json").pictures(for: orders(6)) == all)
    #expect(try open("good").pictures(for: orders(0)).isEmpty)
  }

  @Test func `half floats and picture files are read`() throws {
    #expect(try open("half").pictures(for: orders(2)).compactMap(\.picture).count == 2)
    let files = try open("png").pictures(for: orders(2)).compactMap(\.picture)
    #expect(files.count == 2 && files[0] != files[1])
  }

  @Test(arguments: ["dies", "busy", "slow"])
  func `passing trouble is lived through, and every order is answered once`(model: String) throws {
    let generator = try open(model) { if model == "slow" { $0.deadline = 1 } }
    let pictures = try generator.pictures(for: orders(2))
    #expect(try pictures == open("good").pictures(for: orders(2)))
    #expect(try asked(model) == (model == "slow" ? 2 : 3))
  }

  @Test(arguments: [
    ("always-dies", "broke off before its answer was whole"),
    ("always-busy", "it answered 429: later"),
  ])
  func `lasting trouble ends when patience does`(model: String, words: String) throws {
    let error = #expect(throws: OpenInferenceError.self) {
      try open(model) { $0.patience = 1 }.pictures(for: orders(1))
    }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(error?.hint?.contains("goes on where it stopped") == true)
  }

  @Test(arguments: [
    ("forbidden", 403), ("redirect", 302), ("server-error", 500), ("client-error", 400),
  ])
  func `an answer that is no is not asked for again`(model: String, status: Int) throws {
    let error = #expect(throws: OpenInferenceError.self) {
      try open(model).pictures(for: orders(1))
    }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("answered \(status)") == true)
    #expect(error?.message.contains("\u{1B}") == false)
    #expect(try asked(model) == 1)
  }

  @Test(arguments: [
    ("shape", "FP32 [2, 3, 4, 8] instead of UINT8 [2, 8, 8, 3], FP32 [2, 3, 8, 8]"),
    ("type", "INT64 [2, 3, 8, 8] instead of"), ("count", "FP32 [1, 3, 8, 8] instead of"),
  ])
  func `another shape, type or number is refused, naming both`(model: String, words: String) throws
  {
    let error = #expect(throws: GenerationError.self) {
      try open(model).pictures(for: orders(2))
    }
    #expect(error?.code == .networkUnfit)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: ["truncated", "lying-size", "bad-json", "name", "huge"])
  func `an answer that does not add up is refused`(model: String) throws {
    let error = #expect(throws: OpenInferenceError.self) {
      try open(model) { $0.answerLimit = 1 << 20 }.pictures(for: orders(2))
    }
    #expect(error?.code == .badAnswer, "\(error?.message ?? "")")
    #expect(try asked(model) == 1)
  }

  @Test(arguments: ["nan", "nan-json", "broken-png"])
  func `one picture that is none is an answer, the others stand`(model: String) throws {
    let pictures = try open(model).pictures(for: orders(3))
    #expect(pictures.compactMap(\.picture).count == 2)
    guard case .none(let reason) = pictures[model == "broken-png" ? 0 : 1] else {
      Issue.record("the broken picture was taken")
      return
    }
    #expect(reason.contains("not finite") || reason.contains("gave no picture"))
  }

  @Test func `the same picture for every seed is taken once`() throws {
    let pictures = try open("same").pictures(for: orders(6))
    #expect(pictures.compactMap(\.picture).count == 1)
    let twice = PictureOrders(
      Vectors(count: 2, width: 4, values: [1, 2, 3, 4, 1, 2, 3, 4]), seeds: [5, 5])
    #expect(try open("good").pictures(for: twice).compactMap(\.picture).count == 2)
  }

  @Test func `a model that is still loading is waited for`() throws {
    #expect(try open("starting").served.server == "faults 1")
    let error = #expect(throws: OpenInferenceError.self) {
      try open("no-such-model") { $0.patience = 0.5 }
    }
    #expect(error?.message.contains("the model is not ready") == true)
  }

  @Test func `a token is sent, and without it the answer is told`() throws {
    let error = #expect(throws: OpenInferenceError.self) { try open("token") }
    #expect(error?.message.contains("answered 401: who are you?") == true)
    let generator = try open("token") { $0.token = "open sesame" }
    #expect(try generator.pictures(for: orders(1)).compactMap(\.picture).count == 1)
  }

  @Test func `no more calls are under way than allowed`() throws {
    let server = try FaultServer()
    let generator = try open("good", at: server.url) { $0.concurrency = 2 }
    let orders = orders(2)
    // Threads of their own: the shared pool may have only one to spare.
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<6 {
      Thread.detachNewThread {
        _ = try? generator.pictures(for: orders)
        done.signal()
      }
    }
    for _ in 0..<6 { done.wait() }
    let body = try HTTPClient().send(HTTPRequest(.get, server.url + "/count")).body
    let counts = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Int]
    #expect(counts?["most"] == 2)
    #expect(counts?["good"] == 6)
  }

  @Test func `a server that is gone is told in words, a caller who stops is heard`() throws {
    let server = try FaultServer()
    let generator = try open("good", at: server.url) { $0.patience = 1 }
    server.kill()
    let error = #expect(throws: OpenInferenceError.self) {
      try generator.pictures(for: orders(1))
    }
    #expect(error?.code == .unavailable)
    let stopped = #expect(throws: OpenInferenceError.self) {
      try open("good", at: server.url) { $0.isCancelled = { true } }
    }
    #expect(stopped?.code == .cancelled)
  }

  @Test func `only a certificate that is trusted is spoken to`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "d2r-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let certificate = (file: folder.path + "/cert.pem", key: folder.path + "/key.pem")
    let openssl = Process()
    openssl.executableURL = URL(filePath: "/usr/bin/openssl")
    openssl.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
      certificate.key, "-out", certificate.file,
    ]
    openssl.standardError = FileHandle.nullDevice
    try openssl.run()
    openssl.waitInTurn()
    try #require(openssl.terminationStatus == 0)
    let server = try FaultServer(certificate: certificate)
    let trusted = try open("good", at: server.url, authorities: certificate.file)
    #expect(try trusted.pictures(for: orders(1)).compactMap(\.picture).count == 1)
    let error = #expect(throws: OpenInferenceError.self) { try open("good", at: server.url) }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("no trusted connection") == true)
  }
}
