import Curation
import Domain
import Files

/// The pictures of rejected candidates that a fill has kept, by identity and attempt number: files
/// `rejected/ID-NAME/NUMBER.png` of the workspace.
struct KeptRejections: Sendable {
  private var paths: [String: String] = [:]

  /// A missing folder holds none.
  init(of workspace: Workspace) {
    let folder = Paths.join(workspace.root, "rejected")
    guard FileSystem.isFolder(folder) else { return }
    for file in (try? FolderWalk.files(under: folder))?.files ?? [] {
      let parts = file.split(separator: "/")
      guard parts.count == 2, let id = Int64(parts[0].prefix { $0 != "-" }),
        let number = Int(Paths.stem(file))
      else { continue }
      paths["\(id) \(number)"] = Paths.join(folder, file)
    }
  }

  var isEmpty: Bool { paths.isEmpty }

  func path(identity: Int64, number: Int) -> String? { paths["\(identity) \(number)"] }
}
