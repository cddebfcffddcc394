import Glibc

/// All names in a folder, hidden ones too, by a way of its own.
enum FolderStreamProbe {
  struct Failure: Error {}

  static func names(in path: String) throws -> [String] {
    guard let stream = unsafe opendir(path) else { throw Failure() }
    defer { _ = unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
