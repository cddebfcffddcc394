/// The files of the page, as they are embedded in the program.
enum PageFiles {
  static func file(named name: String) -> (bytes: [UInt8], type: String)? { nil }
}
