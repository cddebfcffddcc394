import Foundation
import Testing

extension BuiltProgram {
  /// Graphs that `Scripts/export-arc2face` makes of tiny networks, and this program's pictures of
  /// them, against PyTorch and diffusers.
  struct ExportTests {
    static let needsTorch: Comment =
      "needs PyTorch in .build/export-tests: Scripts/export/test_export.py --prepare"

    /// Where Scripts/test makes the Python environment.
    static let environment = Tool.packageRoot.appending(path: ".build/export-tests").path

    static let isPrepared = FileManager.default.fileExists(atPath: "\(environment)/pins")

    @Test(.enabled(if: isPrepared, needsTorch))
    func `exported pipelines give the pictures of diffusers`() throws {
      let script = Tool.packageRoot.appending(path: "Scripts/export/test_export.py").path
      let words = ["-B", script, "--venv", Self.environment, "--tool", Tool.path]
      let running = Tool.Running("/usr/bin/python3", words, Tool())
      let result = running.wait(patience: 400)
      #expect(result.code == 0, "\(result.said)")
      #expect(result.out.contains(" 0 failed"), "\(result.said)")
    }
  }
}
