import Domain
import Foundation
import Imaging
import SQLite
import Testing

/// The environment and the model folders that `Scripts/install-examples` makes.
private enum Examples {
  static let home: String = {
    let environment = ProcessInfo.processInfo.environment
    return environment["D2R_HOME"] ?? "\(environment["HOME"] ?? "")/.local/share/d2r-curate"
  }()
  static let models = "\(home)/examples/models"
  static let areThere = FileManager.default.fileExists(atPath: "\(models)/dcgan-exec/manifest.json")
  static let advice: Comment = "needs Python's ONNX Runtime: Scripts/install-examples"
}

extension BuiltProgram {
  /// Programs of one's own as generators, from the manifest to the report.
  @Suite(.enabled(if: Tool.isInstalled && Examples.areThere, Examples.advice))
  struct ExecTests {
    let scratch: Scratch
    let tool: Tool

    /// An install folder of its own: the models that are there, by link.
    init() throws {
      scratch = try Scratch()
      let files = FileManager.default
      try files.createDirectory(atPath: scratch["home/models"], withIntermediateDirectories: true)
      for name in try files.contentsOfDirectory(atPath: "\(Examples.home)/models") {
        try files.createSymbolicLink(
          atPath: scratch["home/models/\(name)"],
          withDestinationPath: "\(Examples.home)/models/\(name)")
      }
      try files.createSymbolicLink(
        atPath: scratch["home/runtime"], withDestinationPath: "\(Examples.home)/runtime")
      var tool = Tool()
      tool.environment["D2R_HOME"] = scratch["home"]
      self.tool = tool
    }

    /// A workspace with the demonstration's digital identities that came with a latent, and its
    /// reference gallery.
    private func workspace(_ name: String, generator: String) throws -> Workplace {
      let path = scratch[name]
      let made = tool.run("init", path, "--name", name, "--generator", generator, "--quiet")
      #expect(made.code == 0, "\(made.said)")
      let place = Workplace(path: path, tool: tool)
      if !FileManager.default.fileExists(atPath: scratch["digital"]) {
        try scratch.copy(Demo.shared.digital, to: "digital")
        try FileManager.default.removeItem(atPath: scratch["digital/100003"])
      }
      for (folder, population) in [
        (scratch["digital"], "digital"), (Demo.shared.reference, "reference"),
      ] {
        let indexed = place.run("index", folder, "--population", population, "--quiet")
        #expect(indexed.code == 0, "\(indexed.said)")
      }
      return place
    }

    private func add(_ folder: String) {
      let added = tool.run("models", "add", folder)
      #expect(added.code == 0, "\(added.said)")
    }

    /// The example's folder with another program in it, asked with more arguments.
    private func add(program name: String, _ arguments: String...) throws {
      let folder = try scratch.copy("\(Examples.models)/dcgan-exec", to: name)
      let program = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Programs/\(name).py").path
      try scratch.copy(program, to: "\(name)/\(name).py")
      let sum = tool.shell("sha256sum \(program)").out.prefix(64)
      let manifest = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: "\(folder)/manifest.json")))
      var fields = try #require(manifest as? [String: Any])
      var files = try #require(fields["files"] as? [String: Any])
      var exec = try #require(fields["exec"] as? [String: Any])
      let python = try #require((exec["command"] as? [String])?.first)
      files["program"] = ["file": "\(name).py", "sha256": String(sum)]
      exec["command"] =
        [python, "{folder}/\(name).py", "{folder}/dcgan-digiface.onnx"] + arguments
      fields["name"] = name
      fields["files"] = files
      fields["exec"] = exec
      // Pictures of a gallery have sizes of their own.
      fields["output"] = nil
      try scratch.write(
        try JSONSerialization.data(withJSONObject: fields), to: "\(name)/manifest.json")
      add(folder)
    }

    @Test func `a program gives the very pictures of the built-in generator`() throws {
      add("\(Examples.models)/dcgan-exec")
      #expect(tool.run("models", "verify").out.contains("dcgan-exec  generator"))
      let places = try ["dcgan-digiface", "dcgan-exec"].map {
        try workspace("with-\($0)", generator: $0)
      }
      for place in places { #expect(place.run("fill", "--per-identity", "13", "--quiet").code < 2) }
      let pictures = places.map { contents(of: "\($0.path)/generated") }
      #expect(pictures[0].count { $0.value.count > 0 } > 10)
      #expect(pictures[0] == pictures[1])
    }

    @Test
    func `a memorising generator never gets a gallery face accepted, and the report shows it`()
      throws
    {
      let log = scratch["given.log"]
      try add(program: "memorising", Demo.shared.reference, log)
      let place = try workspace("memorised", generator: "memorising")
      let filled = place.run("fill", "--per-identity", "30", "--quiet")
      #expect(filled.code < 2, "\(filled.said)")
      let given = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
      let seeds = Set(given.compactMap { $0.split(separator: " ").first.map(String.init) })
      let catalog = try Database(path: "\(place.path)/catalog.sqlite", mode: .existing)
      let attempts = try catalog.rows(
        "SELECT seed, outcome, reason FROM attempt ORDER BY identity, number"
      ) { ($0.text(0), $0.text(1), $0.text(2)) }
      let memorised = attempts.filter { seeds.contains($0.0) }
      #expect(memorised.count >= 3, "of \(attempts.count)")
      #expect(memorised.allSatisfy { $0.1 == "rejected" })

      let gallery = contents(of: Demo.shared.reference)
      let faces = Set(
        try gallery.values.filter { PictureDecoder.sniff(Array($0)) != nil }
          .map { try PictureDecoder.decode(Array($0)).picture.pixels })
      #expect(faces.count > 100)
      for (name, bytes) in contents(of: "\(place.path)/generated") where name.hasSuffix(".png") {
        #expect(!faces.contains(try PictureDecoder.decode(Array(bytes)).picture.pixels), "\(name)")
      }
      let leaks = try place.run("leaks", "--json", "--quiet").json()
      let pairs = try #require(leaks["pairs"]).items
      #expect(!pairs.isEmpty, "the demonstration's own leaks")
      #expect(pairs.allSatisfy { $0["removed"]?["population"]?.string == "digital" })
      try expectReport(
        of: place, candidates: attempts.count, rejected: attempts.count { $0.1 == "rejected" })
    }

    private func expectReport(of place: Workplace, candidates: Int, rejected: Int) throws {
      // As if a fill had kept the pictures of candidates that leak.
      let catalog = try Database(path: "\(place.path)/catalog.sqlite", mode: .existing)
      let rows = try catalog.rows(
        """
        SELECT a.identity, a.number, a.reason FROM attempt a
        WHERE a.outcome = 'rejected' AND a.leak_similarity IS NOT NULL ORDER BY a.reason
        """
      ) { ($0.integer(0), Int($0.integer(1)), $0.text(2)) }
      let leaks = rows.filter { $0.2.hasPrefix("leak") }
      let planted = try PictureEncoder.png(
        Picture(width: 64, height: 64, red: 1, green: 254, blue: 3))
      for leak in leaks {
        try scratch.write(planted, to: "memorised/rejected/\(leak.0)-x/\(leak.1).png")
      }
      let shown = place.run("report", "quota", "--json", "--quiet")
      #expect(try shown.json().items.count == 5)
      let folder = "\(place.path)/reports/quota"
      let document = try JSON(
        parsing: String(contentsOfFile: "\(folder)/quota.json", encoding: .utf8))
      #expect(document["candidates"]?.int == candidates)
      #expect(document["accepted"]?.int == candidates - rejected)
      let gates = try #require(document["gates"]).items
      #expect(gates.reduce(0) { $0 + ($1["stopped"]?.int ?? 0) } == rejected)
      let atLeaks = try #require(gates.first { $0["gate"]?.string == "no leak" })
      #expect(atLeaks["stopped"]?.int ?? 0 > 0)
      #expect(atLeaks["example"]?.string?.hasPrefix("leak: ") == true)
      for sheet in document["sheets"]?.items ?? [] {
        for frame in sheet["rejected"]?.items ?? []
        where frame["caption"]?.string?.contains("leak") == true {
          #expect(frame["isShown"]?.value as? Bool == false)
          #expect(frame["instead"]?.string == "leak, not shown")
        }
      }
      for name in ["index.html", "quota.csv", "quota.svg", "funnel.csv", "funnel.svg"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"), "\(name)")
      }
      let sheet = try Data(contentsOf: URL(filePath: "\(folder)/contact-sheet.png"))
      #expect(try PictureDecoder.decode(Array(sheet)).picture.width > 1000)
    }

    @Test func `a generator with one picture per person gets it accepted once`() throws {
      try add(program: "stuck")
      let place = try workspace("stuck-set", generator: "stuck")
      let filled = place.run("fill", "--per-identity", "17", "--quiet")
      #expect(filled.code == 1, "\(filled.said)")
      let catalog = try Database(path: "\(place.path)/catalog.sqlite", mode: .existing)
      let most = try catalog.rows(
        "SELECT count(*) FROM attempt WHERE outcome = 'accepted' GROUP BY identity"
      ) { Int($0.integer(0)) }
      #expect(!most.isEmpty && most.allSatisfy { $0 == 1 }, "\(most)")
      let repeated = try catalog.rows(
        "SELECT count(*) FROM attempt WHERE reason LIKE 'duplicate:%'"
      ) { Int($0.integer(0)) }
      #expect(repeated[0] > 0)
    }

    @Test func `a program that does not get ready is a finding of verify and doctor`() throws {
      try scratch.write(
        """
        {"format": 1, "name": "broken", "role": "generator", "kind": "exec", "latent": 4,
         "exec": {"command": ["sh", "-c", "echo no weights >&2; exit 4"]},
         "licence": "MIT", "source": "test"}
        """, to: "broken/manifest.json")
      add(scratch["broken"])
      for verb in [["models", "verify"], ["doctor"]] {
        let result = tool.run(verb)
        #expect(result.code != 0)
        #expect(result.out.contains("'sh' ended with status 4"), "\(result.said)")
        #expect(result.out.contains("no weights"))
      }
    }
  }
}
