import Glibc

extension FilesError {
  /// The error for a system call that failed with `number` while doing `action` to `path`.
  init(_ action: String, _ path: String, systemError number: Int32) {
    let (code, hint) = Self.meaning(of: number)
    self.init(
      code: code, message: "cannot \(action) \(path): \(Self.text(of: number))", hint: hint,
      systemError: number)
  }

  /// The system's words for an error number, with a small first letter.
  static func text(of number: Int32) -> String {
    // glibc 2.32 and later return constant text or a thread's own buffer; it is copied at once.
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    let words = unsafe String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }

  private static func meaning(of number: Int32) -> (Code, String?) {
    switch number {
    case ENOENT: (.missing, "check the spelling of the path")
    case EACCES, EPERM, EROFS: (.denied, "check the owner and the mode with ls -ld")
    case EEXIST, ENOTEMPTY: (.alreadyExists, "choose another name or move the old one away")
    case ENOTDIR: (.notAFolder, "a part of the path is a file; check it with ls -ld")
    case EISDIR: (.notAFile, "name a file, not a folder")
    case ENOSPC, EDQUOT: (.noSpace, "free some space (df -h shows the disks), then run it again")
    case EMFILE, ENFILE: (.failed, "allow more open files with ulimit -n")
    case EIO: (.failed, "the disk reported an error; look into dmesg")
    default: (.failed, nil)
    }
  }
}
