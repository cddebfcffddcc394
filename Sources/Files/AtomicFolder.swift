import Glibc

/// Folders that are there whole or not at all.
public enum AtomicFolder {
  /// Makes a hidden folder beside `path`, has it filled, and gives it the name by one rename.
  /// On failure it is removed, and nothing is at `path`.
  ///
  /// Files put inside should be written by `AtomicFile` where they must survive a power cut.
  /// - Parameter fill: gets the path of the hidden folder.
  /// - Throws: `FilesError` with code `alreadyExists` where something is at `path` already (an
  ///   empty folder is replaced), and whatever `fill` throws.
  public static func publish(
    to path: String, faults: FileFaults? = nil, _ fill: (String) throws -> Void
  ) throws {
    let folder = Paths.parent(path)
    let temporary = Paths.join(folder, TemporaryName.next())
    do {
      try SystemCall.run("make the folder", temporary, faults: faults) {
        unsafe mkdir(temporary, 0o777)
      }
      try fill(temporary)
      try Descriptor.synchroniseFolder(temporary, faults: faults)
      try SystemCall.run("publish", path, faults: faults) { unsafe rename(temporary, path) }
    } catch {
      try? FileSystem.removeFolder(temporary)
      throw error
    }
    try Descriptor.synchroniseFolder(folder, faults: faults)
  }
}
