import Curation
import Files
import Testing

@Suite struct WorkspaceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `settings come back as they were written`() throws {
    var settings = WorkspaceSettings(name: "faces")
    settings.identityEncoder = "some-encoder"
    settings.imagesPerIdentity = 7
    settings.rates.leak = 1e-5
    settings.rates.registeredCorrelation = 0.91
    let made = try Workspace.create(at: folder("faces"), settings: settings)
    #expect(try Workspace.open(made.root).settings == settings)
    #expect(Workspace.enclosing(folder("faces/vectors")) == made.root)
  }

  @Test func `a workspace is not made twice and not opened where there is none`() throws {
    _ = try Workspace.create(at: folder("one"), settings: WorkspaceSettings(name: "one"))
    for attempt in [
      { _ = try Workspace.create(at: folder("one"), settings: WorkspaceSettings(name: "one")) },
      { _ = try Workspace.open(folder("none")) },
    ] {
      let error = #expect(throws: CurationError.self) { try attempt() }
      #expect(error?.code == .workspace)
      #expect(error?.hint != nil)
    }
  }

  @Test(arguments: [
    (#"{"imagesPerIdentity": 0}"#, "imagesPerIdentity must be a whole number from 1"),
    (#"{"imagesPerIdentity": "ten"}"#, "imagesPerIdentity must be a whole number"),
    (#"{"rates": {"leak": 3}}"#, "leak must be a number from 0.0 to 1.0"),
    (#"{"name": 5}"#, "name must be a text"),
    (#"{"format": 9}"#, "has format 9"),
  ])
  func `a wrong setting is named with what it may be`(text: String, says: String) throws {
    try FileSystem.makeFolder(folder("w"))
    try AtomicFile.write(text: text, to: folder("w/workspace.json"))
    let error = #expect(throws: CurationError.self) { try Workspace.open(folder("w")) }
    #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
  }
}
