import FaceEncoding
import Files
import FoundationEssentials
import Testing

struct ManifestTests {
  /// The sample manifest as text, with one piece replaced.
  private func text(replacing old: String = "", with new: String = "") throws -> [UInt8] {
    var text = String(decoding: try ModelManifest.sample().json(), as: UTF8.self)
    guard !old.isEmpty else { return Array(text.utf8) }
    let range = try #require(text.firstRange(of: old), "\(old)")
    text.replaceSubrange(range, with: new)
    return Array(text.utf8)
  }

  private func problem(_ json: [UInt8]) -> String? {
    do {
      _ = try ModelManifest(json: json, name: "m")
      return nil
    } catch {
      return (error as? EncodingError)?.message
    }
  }

  @Test func `a manifest survives writing and reading`() throws {
    var manifest = ModelManifest.sample()
    manifest.thresholds = [.init(fmr: 1e-4, similarity: 0.95, cohort: "110 identities")]
    manifest.note = "a note"
    #expect(try ModelManifest(json: manifest.json(), name: "m") == manifest)
    #expect(try manifest.json() == manifest.json())
  }

  @Test(arguments: [
    (#""format" : 1"#, #""format" : 2"#, "field 'format' is 2, this tool reads 1"),
    (#""name" : "sample","#, "", "field 'name' is missing"),
    (#""name" : "sample""#, #""name" : 7"#, "field 'name' is not a text"),
    (#""role" : "encoder""#, #""role" : "judge""#, "field 'role' has the unknown value 'judge'"),
    (
      #""role" : "encoder""#, #""role" : "detector""#,
      "field 'kind' is onnx, which no detector can have"
    ),
    (#""kind" : "onnx""#, #""kind" : "yunet""#, "field 'kind' is yunet, which no encoder can have"),
    (#""space" : "identity""#, #""space" : """#, "field 'space' is missing"),
    (#""main" : {"#, #""other" : {"#, "field 'files.main' is missing"),
    (
      #""sample.onnx""#, #""../x.onnx""#,
      "field 'files.main.file' must be a plain file name, not '../x.onnx'"
    ),
    ("0000000", "000000", "field 'files.main.sha256' must be 64 lower-case hexadecimal digits"),
    (#""width" : 112"#, #""wdith" : 112"#, "field 'input.wdith' is not known"),
    (#""width" : 112"#, #""width" : 0"#, "field 'input.width' must be 1 to 4096"),
    (#""width" : 112"#, #""width" : "wide""#, "field 'input.width' is not a whole number"),
    (
      #""alignment" : "arcface-112""#, #""alignment" : "tight""#,
      "field 'input.alignment' has the unknown value 'tight'"
    ),
    (#""licence" : "CC0-1.0","#, "", "field 'licence' is missing"),
    (#""width" : 128"#, #""width" : 0"#, "field 'output.width' must be at least 1"),
    (
      #""space" : "identity""#, #""latent" : 3, "space" : "identity""#,
      "field 'latent' is for generators only"
    ),
  ])
  func `a wrong field is named`(old: String, new: String, expected: String) throws {
    #expect(problem(try text(replacing: old, with: new)) == "m: \(expected)")
  }

  @Test func `values that do not make sense are named`() throws {
    let cases: [(String, (inout ModelManifest) -> Void)] = [
      ("'name'", { $0.name = "a/b" }), ("'name'", { $0.name = ".hidden" }),
      ("'input.mean'", { $0.input.mean = [1, 2] }), ("'input.std'", { $0.input.std = [1, 0, 1] }),
      ("'input.name'", { $0.input.name = "" }), ("'output'", { $0.output = nil }),
      ("'input.alignment'", { $0.input.alignment = nil }),
      (
        "'input.height'",
        {
          $0.input.alignment = .clip
          $0.input.height = 100
        }
      ),
      ("'thresholds.0.fmr'", { $0.thresholds = [.init(fmr: 0, similarity: 0, cohort: "")] }),
      (
        "'thresholds.0.similarity'",
        { $0.thresholds = [.init(fmr: 0.1, similarity: 2, cohort: "")] }
      ),
    ]
    for (field, change) in cases {
      var manifest = ModelManifest.sample()
      change(&manifest)
      let message = problem(try manifest.json())
      #expect(message?.hasPrefix("m: field \(field) ") == true, "\(message ?? "accepted")")
    }
  }

  @Test func `what is no manifest at all is refused`() {
    #expect(problem([]) == "m: not valid JSON")
    #expect(problem(Array("{".utf8)) == "m: not valid JSON")
    #expect(problem([0xFF, 0xFE, 0x00]) == "m: not valid JSON")
    #expect(problem(Array("{}".utf8)) == "m: field 'format' is missing")
  }
}
