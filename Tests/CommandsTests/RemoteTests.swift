import Foundation
import Testing

extension BuiltProgram {
  /// MLServer and Triton, started here, against the networks in the program itself.
  @Suite(
    .serialized, .enabled(if: Tool.isInstalled, BuiltProgram.needsModels),
    .enabled(if: ModelServer.areInstalled, "needs the servers: Scripts/install-servers"))
  struct RemoteTests {
    let scratch: Scratch
    let home: RemoteHome

    init() throws {
      scratch = try Scratch()
      home = try RemoteHome(in: scratch)
    }

    @Test(arguments: ModelServer.Kind.allCases)
    func `a server is verified, and fills a quota with the very pictures made in the program`(
      kind: ModelServer.Kind
    ) throws {
      let server = try ModelServer(kind)
      try home.add("served", at: server.url, in: scratch)
      // The first call waits until the model is there.
      let remote = try filled("remote", generator: "served-generator")
      let own = try #require(Self.own)
      #expect(remote.pictures.count > 4)
      #expect(remote.pictures == own.pictures)
      #expect(remote.attempts == own.attempts)
      #expect(remote.vectors == own.vectors)

      let verified = home.tool.run("models", "verify")
      #expect(verified.code == 0, "\(verified.said)")
      #expect(verified.out.contains("answers as described: \(kind.said), batches of 8"))
      let doctor = home.tool.run("doctor")
      #expect(doctor.out.contains("ok      model served-encoder: answers as described"))
    }

    @Test(arguments: ModelServer.Kind.allCases)
    func `a served encoder gives the vectors of the same network in the program`(
      kind: ModelServer.Kind
    ) throws {
      let server = try ModelServer(kind)
      try home.add("served", at: server.url, in: scratch)
      #expect(
        try vectors("remote", encoder: "served-encoder")
          == vectors("own", encoder: "dlib-resnet-v1"))
    }

    @Test func `a server killed while filling is waited for, and nothing is lost or doubled`()
      throws
    {
      let server = try ModelServer(.mlserver)
      try home.add("served", at: server.url, in: scratch)
      let place = try prepared("killed", generator: "served-generator")
      let running = place.start(Self.fill)
      wait(for: "\(place.path)/generated", toHold: 1)
      server.kill()
      sleep(1)
      try server.start()
      let result = running.wait(patience: 120)
      #expect([0, 1].contains(result.code), "\(result.said)")
      #expect(
        try outcome(of: place).pictures == #require(Self.own).pictures)
      #expect(place.run("verify", "--quiet").code == 0)
    }

    @Test func `a server that stays away ends the fill in words, and a rerun goes on`() throws {
      let server = try ModelServer(.mlserver)
      try home.add("served", at: server.url, in: scratch, patience: 2)
      let place = try prepared("killed", generator: "served-generator", waits: true)
      let running = place.start(Self.fill)
      wait(for: "\(place.path)/generated", toHold: 1)
      server.kill()
      let stopped = running.wait(patience: 60)
      #expect(stopped.code == 2, "\(stopped.said)")
      #expect(stopped.err.contains("could not be had in 2 s"), "\(stopped.said)")
      try server.start()
      waitUntilReady()
      #expect([0, 1].contains(place.run(Self.fill).code))
      #expect(
        try outcome(of: place).pictures == #require(Self.own).pictures)
    }

    // MARK: workspaces

    /// Accepted pictures by identity and attempt number, with what was asked for and the vectors.
    struct Outcome {
      var pictures: [String: Data]
      var attempts: Int
      var vectors: [Data]
    }

    private static let fill = ["fill", "--per-identity", "14", "--quiet"]

    /// An indexed and calibrated gallery, and renders that all come with latents, so that no search
    /// for them takes the tests' time. Made once per run.
    private static let ground: (scratch: Scratch, place: Workplace, renders: String)? = {
      guard let scratch = try? Scratch() else { return nil }
      let place = Workplace.new(in: scratch, "base", options: ["--generator", "dcgan-digiface"])
      _ = place.run("index", Demo.shared.reference, "--population", "reference", "--quiet")
      _ = place.run("calibrate", "--cohort", "reference", "--quiet")
      let files = FileManager.default
      for name in (try? files.contentsOfDirectory(atPath: Demo.shared.digital)) ?? [] {
        let folder = "\(Demo.shared.digital)/\(name)"
        guard files.fileExists(atPath: "\(folder)/latent.npy") else { continue }
        _ = try? scratch.copy(folder, to: "renders/\(name)")
      }
      return (scratch, place, scratch["renders"])
    }()

    private func prepared(
      _ name: String, generator: String, waits: Bool = false
    ) throws -> Workplace {
      if waits { waitUntilReady() }
      let ground = try #require(Self.ground)
      let place = Workplace(path: try scratch.copy(ground.place.path, to: name), tool: home.tool)
      let file = "\(place.path)/workspace.json"
      let settings = try String(contentsOfFile: file, encoding: .utf8)
      try settings.replacingOccurrences(of: "dcgan-digiface", with: generator)
        .write(toFile: file, atomically: true, encoding: .utf8)
      let indexed = place.run("index", ground.renders, "--population", "digital", "--quiet")
      try #require([0, 1].contains(indexed.code), "\(indexed.said)")
      return place
    }

    /// What the network in the program does, once per run.
    private static let own: Outcome? = {
      try? RemoteTests().filled("own", generator: "dcgan-digiface")
    }()

    private func filled(_ name: String, generator: String) throws -> Outcome {
      let place = try prepared(name, generator: generator)
      let result = place.run(Self.fill)
      try #require([0, 1].contains(result.code), "\(result.said)")
      return try outcome(of: place)
    }

    private func outcome(of place: Workplace) throws -> Outcome {
      let again = try place.run(Self.fill + ["--json"]).json()
      return Outcome(
        pictures: contents(of: "\(place.path)/generated"), attempts: again["attempts"]?.int ?? -1,
        vectors: contents(of: "\(place.path)/vectors").values.sorted { $0.hashValue < $1.hashValue }
      )
    }

    private func vectors(_ name: String, encoder: String) throws -> Data {
      let place = Workplace(path: scratch[name], tool: home.tool)
      let made = home.tool.run(
        "init", place.path, "--name", "t", "--identity-encoder", encoder, "--quiet")
      try #require(made.code == 0, "\(made.said)")
      let indexed = place.run(
        "index", try #require(Self.ground).renders, "--population", "digital", "--quiet")
      try #require([0, 1].contains(indexed.code), "\(indexed.said)")
      let file = scratch["\(name).npy"]
      let exported = place.run("embeddings", "export", file, "--space", "identity", "--quiet")
      try #require(exported.code == 0, "\(exported.said)")
      return try Data(contentsOf: URL(filePath: file))
    }

    private func wait(for folder: String, toHold count: Int) {
      for _ in 0..<30_000 {
        if contents(of: folder).keys.count(where: { $0.hasSuffix(".png") }) >= count { return }
        usleep(2000)
      }
      Issue.record("\(folder) never held \(count) pictures")
    }

    private func waitUntilReady() {
      for _ in 0..<120 {
        if home.tool.run("models", "verify", "--quiet").code == 0 { return }
      }
      Issue.record("the server never answered as described")
    }
  }

  /// What is refused before anything is sent.
  @Suite struct RemoteManifestTests {
    private func add(_ remote: String) throws -> Tool.Result {
      let scratch = try Scratch()
      let manifest = """
        {"format": 1, "name": "served", "kind": "remote", "role": "generator", "licence": "x",
        "source": "x", "input": {"name": "z"}, "latent": 100,
        "output": {"name": "image", "width": 64, "height": 64}, "remote": {\(remote)}}
        """
      try scratch.write(manifest, to: "m/manifest.json")
      let tool = Tool(environment: ["D2R_HOME": scratch["home"]])
      return tool.run("models", "add", scratch["m"])
    }

    @Test(arguments: [
      (
        #""url": "http://models.example.org", "model": "m", "tokenVariable": "T""#,
        "without encryption"
      ),
      (#""url": "http://u:p@127.0.0.1", "model": "m""#, "holds a name or a password"),
      (#""url": "file:///etc/passwd", "model": "m""#, "no http or https address"),
      (#""url": "http://127.0.0.1", "model": """#, "'remote.model' is empty"),
      (#""url": "http://127.0.0.1", "model": "m", "token": "abc""#, "token"),
      (
        #""url": "http://127.0.0.1", "model": "m", "tokenVariable": "a b""#,
        "'remote.tokenVariable'"
      ),
      (#""url": "http://127.0.0.1", "model": "m", "batch": 0"#, "'remote.batch' must be 1 to 4096"),
      (#""url": "http://127.0.0.1", "model": "m", "caFile": "ca.pem""#, "no absolute path"),
      (#""url": "http://127.0.0.1", "model": "m", "timeoutSeconds": 0"#, "must be 0.1 to 86400"),
    ])
    func `a section that is not sound is refused, naming the field`(
      remote: String, words: String
    ) throws {
      let added = try add(remote)
      #expect(added.code == 2)
      #expect(added.err.contains(words), "\(added.said)")
    }

    @Test(arguments: [
      #""url": "https://models.example.org", "model": "m", "tokenVariable": "T""#,
      #""url": "http://127.0.0.1:8000", "model": "m", "tokenVariable": "T""#,
      #""url": "http://models.example.org", "model": "m", "tokenVariable": "T", "allowPlainText": true"#,
      #""url": "http://127.0.0.1", "model": "m", "parameters": {"steps": 25, "scale": 3.5, "a": true}"#,
    ])
    func `a sound one is taken`(remote: String) throws {
      let added = try add(remote)
      #expect(added.code == 0, "\(added.said)")
    }
  }
}
