import FaceEncoding
import Files
import FoundationEssentials
import Testing

struct ModelFolderTests {
  private let content = Array("not a network, but a file".utf8)

  /// A model's folder, ready to be added.
  private func source(
    _ scratch: TemporaryFolder, name: String = "sample", space: String = "identity"
  ) throws -> String {
    let folder = scratch("from-\(name)")
    try FileSystem.makeFolder(folder)
    try AtomicFile.write(content, to: Paths.join(folder, "sample.onnx"))
    var manifest = ModelManifest.sample(
      sha256: try Checksum.sha256(Paths.join(folder, "sample.onnx")))
    manifest.name = name
    manifest.space = space
    try AtomicFile.write(manifest.json(), to: Paths.join(folder, "manifest.json"))
    return folder
  }

  @Test func `an added model is listed, found and verified`() throws {
    let scratch = try TemporaryFolder()
    let folder = ModelFolder(root: scratch("models"))
    #expect(folder.list().isEmpty)
    let added = try folder.add(from: source(scratch))
    #expect(added.folder == scratch("models/sample"))
    #expect(folder.list().map(\.model) == [added])
    #expect(folder.verify().map(\.problem) == [nil])
    #expect(try folder.find(name: "sample") == added)
    #expect(try folder.find(role: .encoder, space: "identity") == added)
    #expect(try added.bytes(of: "main") == content)
  }

  @Test func `a manifest file can be added as well as its folder`() throws {
    let scratch = try TemporaryFolder()
    let folder = ModelFolder(root: scratch("models"))
    let added = try folder.add(from: source(scratch) + "/manifest.json")
    #expect(folder.list().map(\.model) == [added])
  }

  @Test func `a name that is taken is refused and the old model stays`() throws {
    let scratch = try TemporaryFolder()
    let folder = ModelFolder(root: scratch("models"))
    let first = try folder.add(from: source(scratch))
    let error = #expect(throws: EncodingError.self) { try folder.add(from: source(scratch)) }
    #expect(error?.code == .nameTaken)
    #expect(error?.message == "a model named 'sample' is in \(folder.root) already")
    #expect(folder.verify().map(\.model) == [first])
  }

  @Test func `a file with another content is refused and nothing is installed`() throws {
    let scratch = try TemporaryFolder()
    let folder = ModelFolder(root: scratch("models"))
    let from = try source(scratch)
    try AtomicFile.write([1, 2, 3], to: from + "/sample.onnx")
    let error = #expect(throws: EncodingError.self) { try folder.add(from: from) }
    #expect(error?.code == .fileDamaged)
    #expect(error?.message.contains("has SHA-256 039058c6f2c0") == true)
    try FileSystem.remove(from + "/sample.onnx")
    let missing = #expect(throws: EncodingError.self) { try folder.add(from: from) }
    #expect(missing?.message == "model sample: file \(from)/sample.onnx is missing")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root).isEmpty)
  }

  @Test func `broken models are listed with the reason`() throws {
    let scratch = try TemporaryFolder()
    let folder = ModelFolder(root: scratch("models"))
    for name in ["a", "b", "c", "d"] { try folder.add(from: source(scratch, name: name)) }
    try FileSystem.remove(scratch("models/a/manifest.json"))
    try AtomicFile.write(Array("{}".utf8), to: scratch("models/b/manifest.json"))
    try FileSystem.remove(scratch("models/c/sample.onnx"))
    try AtomicFile.write([0], to: scratch("models/d/sample.onnx"))
    let listed = folder.list()
    #expect(listed.map(\.name) == ["a", "b", "c", "d"])
    #expect(
      listed.map { $0.problem?.code } == [.modelMissing, .manifestInvalid, .fileDamaged, nil])
    #expect(folder.verify().map { $0.problem?.code }.last == .fileDamaged)
    let error = #expect(throws: EncodingError.self) { try folder.find(name: "b") }
    #expect(error?.message.hasSuffix("field 'format' is missing") == true)
  }

  @Test func `a question without an answer, or with two, says what there is`() throws {
    let scratch = try TemporaryFolder()
    let folder = ModelFolder(root: scratch("models"))
    for name in ["one", "two"] { try folder.add(from: source(scratch, name: name)) }
    let unknown = #expect(throws: EncodingError.self) { try folder.find(name: "three") }
    #expect(unknown?.message == "no model 'three' in \(folder.root), which holds one, two")
    let both = #expect(throws: EncodingError.self) {
      try folder.find(role: .encoder, space: "identity")
    }
    #expect(both?.message == "2 models can be the encoder of space 'identity': one, two")
    let none = #expect(throws: EncodingError.self) { try folder.find(role: .detector) }
    #expect(none?.code == .modelMissing)
    #expect(none?.hint?.contains("Scripts/install-models") == true)
  }

  @Test func `the digest follows what changes answers and nothing else`() {
    let plain = ModelManifest.sample()
    func digest(_ change: (inout ModelManifest) -> Void) -> String {
      var manifest = plain
      change(&manifest)
      return InstalledModel(folder: "/x", manifest: manifest).digest
    }
    let reference = digest { _ in }
    #expect(reference.count == 64)
    let harmless: [(inout ModelManifest) -> Void] = [
      { $0.name = "other" }, { $0.licence = "MIT" }, { $0.note = "n" },
      { $0.files["main"]?.file = "renamed.onnx" },
      { $0.thresholds = [.init(fmr: 0.1, similarity: 0.5, cohort: "c")] },
    ]
    for change in harmless { #expect(digest(change) == reference) }
    let telling: [(inout ModelManifest) -> Void] = [
      { $0.files["main"]?.sha256 = String(repeating: "1", count: 64) },
      { $0.input.mean = [0, 0, 1] }, { $0.input.std = [2, 1, 1] }, { $0.input.channels = .bgr },
      { $0.input.alignment = .whole }, { $0.input.width = 111 }, { $0.input.resize = .bicubic },
      { $0.output?.name = "logits" }, { $0.space = "image" },
    ]
    let digests = telling.map(digest)
    #expect(Set(digests + [reference]).count == telling.count + 1)
  }
}
