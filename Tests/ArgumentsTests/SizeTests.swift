import Arguments
import Testing

@Suite struct SizeTests {
  private func size(_ text: String) throws -> Int? {
    let spec = CommandSpec(
      "go", group: "G", summary: "s", options: [OptionSpec("--memory", value: "SIZE", help: "h")])
    let table = CommandTable(program: "p", summary: "s", commands: [spec], globals: [])
    return try ArgumentParser(table).parse(["go", "--memory", text]).byteCount("--memory")
  }

  @Test func `sizes are powers of 1024`() throws {
    #expect(try size("2GiB") == 2 << 30)
    #expect(try size("1.5 MiB") == 1_572_864)
    #expect(try size("512k") == 524_288)
    #expect(try size("4096") == 4096)
    #expect(try size("3B") == 3)
  }

  @Test(arguments: ["", "much", "2XB", "-1GiB", "0", "GiB", "1e99T", "2iB"])
  func `anything else is a usage error`(text: String) {
    #expect(throws: ArgumentError.self) { try size(text) }
  }
}
