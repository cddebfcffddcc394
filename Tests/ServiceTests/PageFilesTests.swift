import Foundation
import Testing

/// The page's files as they lie: what a policy without inline code and a house without a build step ask.
@Suite struct PageFilesTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let folder = root.appending(path: "Sources/Service/Page")

  static let files: [String: String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return Dictionary(
      uniqueKeysWithValues: names.filter { !$0.hasSuffix(".swift") }.map { name in
        (name, (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? "")
      })
  }()

  static let scripts = files.filter { $0.key.hasSuffix(".js") }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  @Test func `every file is part of the program, and served`() throws {
    #expect(Self.files.count > 40)
    let table = try text("Sources/C/CPageFiles/CPageFiles.c")
    let embedded = table.matches(of: /#embed "..\/..\/Service\/Page\/([\w.-]+)"/)
    let served = table.matches(of: /ENTRY\("([\w.-]+)", (\w+)\),/)
    #expect(Set(embedded.map { String($0.1) }) == Set(Self.files.keys))
    #expect(served.map { String($0.1) } == Self.files.keys.sorted())
    for file in served {
      #expect(file.1.replacing(/[-.]/, with: "_") == file.2)
    }
  }

  @Test func `the document holds no code and no style of its own`() throws {
    let page = try #require(Self.files["index.html"])
    for tag in page.matches(of: /<script[^>]*>/).map({ String($0.0) }) {
      #expect(tag.contains(" src=\"/page/"), "\(tag)")
    }
    #expect(!page.contains("<style") && !page.contains(" style="))
    #expect(page.firstMatch(of: /\son\w+=/) == nil)
  }

  @Test func `scripts import only files that are there, and nothing from elsewhere`() {
    for (name, code) in Self.scripts {
      let imports =
        code.matches(of: /from "([^"]+)"/).map { String($0.1) }
        + code.matches(of: /import\("([^"]+)"\)/).map { String($0.1) }
      for wanted in imports {
        #expect(wanted.hasPrefix("./"), "\(name) imports \(wanted)")
        #expect(Self.files[String(wanted.dropFirst(2))] != nil, "\(name) imports \(wanted)")
      }
      let elsewhere = code.matches(of: /https?:\/\/[\w.\/-]*/).map { String($0.0) }
      #expect(elsewhere.allSatisfy { $0 == "http://www.w3.org/2000/svg" }, "\(name): \(elsewhere)")
    }
  }

  @Test func `text never becomes markup or code`() {
    let doors = [
      "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
      "setAttribute(\"style\"",
    ]
    for (name, code) in Self.scripts {
      for door in doors { #expect(!code.contains(door), "\(name) uses \(door)") }
    }
  }

  @Test func `files stay short`() {
    for (name, code) in Self.files {
      let lines = code.split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(lines <= 250, "\(name) has \(lines) lines")
    }
  }
}
