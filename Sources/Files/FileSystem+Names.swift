extension FileSystem {
  /// The names in a folder that are UTF-8, in order of their bytes.
  public static func names(in folder: String) throws(FilesError) -> [String] {
    try FolderStream.names(in: folder).compactMap { String(validating: $0, as: UTF8.self) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
