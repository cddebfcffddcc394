import Foundation
import Testing

/// Compares `text` with the recorded file `name`. With RECORD_SNAPSHOTS=1 in the environment the
/// file is written instead, and the test fails all the same, so that a new baseline is never
/// silent.
func expectSnapshot(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = packageRoot.appending(path: "Tests/ReportingTests/Snapshots")
  let file = folder.appending(path: name)
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try Data(text.utf8).write(to: file)
    Issue.record(
      "recorded \(name); run again without RECORD_SNAPSHOTS", sourceLocation: sourceLocation)
    return
  }
  let recorded = String(decoding: try Data(contentsOf: file), as: UTF8.self)
  guard recorded != text else { return }
  let old = recorded.split(separator: "\n", omittingEmptySubsequences: false)
  let new = text.split(separator: "\n", omittingEmptySubsequences: false)
  let line =
    zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    ?? min(old.count, new.count)
  Issue.record(
    """
    \(name) differs from line \(line + 1):
    recorded: \(line < old.count ? old[line] : "(ends)")
    now:      \(line < new.count ? new[line] : "(ends)")
    """, sourceLocation: sourceLocation)
}
