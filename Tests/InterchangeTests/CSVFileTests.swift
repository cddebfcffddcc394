import Files
import Interchange
import Testing

@Suite struct CSVFileTests {
  private func parse(_ text: String) throws -> CSVTable { try CSVFile.parse(text, named: "t.csv") }

  @Test func `plain and quoted fields are read`() throws {
    let table = try parse("a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n,\"\"\n\n2,  3 ")
    #expect(table.header == ["a", "b"])
    #expect(table.rows == [["1", "x, \"y\"\nz"], ["", ""], ["2", "  3 "]])
    #expect(table.column("b") == ["x, \"y\"\nz", "", "  3 "])
    #expect(table.column("c") == nil)
    #expect(try parse("only").rows == [])
  }

  @Test(arguments: [
    ("", "t.csv, line 1: there is no header line"),
    ("\n\n", "t.csv, line 3: there is no header line"),
    ("a,b\n1\n", "t.csv, line 2: it has 1 fields where the header has 2"),
    ("a,b\n\"x\ny\",2\n1,2,3\n", "t.csv, line 4: it has 3 fields where the header has 2"),
    ("a\n\"x\ny", "t.csv, line 2: a quote is opened and never closed"),
    ("a\n\"x\"y\n", "t.csv, line 2: text follows a closing quote"),
    ("a\nx\"y\n", "t.csv, line 2: a quote stands inside a field that does not begin with one"),
    ("a\rb\n", "t.csv, line 1: a carriage return stands without a line feed"),
    ("a,b,a\n", "t.csv, line 1: the column \"a\" stands twice in the header"),
  ])
  func `a broken table is refused with its line`(text: String, message: String) {
    let error = failure { _ = try parse(text) }
    #expect(error?.code == .badTable)
    #expect(error?.message == message)
  }

  @Test func `any text survives writing and reading`() throws {
    let pieces = [
      "", "a", ",", "\"", "\n", "\r", "\r\n", " ", "é", "\0", "\"\"", "=1+1", "\u{FEFF}",
    ]
    for width in 1...3 {
      let header = (0..<width).map { "c\($0),\"" }
      // Every combination of two pieces in every column.
      let rows = pieces.flatMap { first in
        pieces.map { second in (0..<width).map { $0 == 1 ? second + first : first + second } }
      }
      let table = CSVTable(header: header, rows: rows)
      #expect(try parse(CSVFile.text(table)) == table, "\(width) columns")
    }
  }

  @Test func `files are written and read`() throws {
    let folder = try TemporaryFolder()
    let table = CSVTable(header: ["path", "identity"], rows: [["a/1.png", "Ann, B."]])
    try CSVFile.write(table, to: folder("t.csv"))
    #expect(try FileReader.readText(folder("t.csv")) == "path,identity\na/1.png,\"Ann, B.\"\n")
    #expect(try CSVFile.read(folder("t.csv")) == table)
    try AtomicFile.write([0xEF, 0xBB, 0xBF] + Array("id\n1\n".utf8), to: folder("bom.csv"))
    #expect(try CSVFile.read(folder("bom.csv")).header == ["id"])
    try AtomicFile.write([0x69, 0xFF], to: folder("latin.csv"))
    #expect(failure { _ = try CSVFile.read(folder("latin.csv")) }?.code == .fileSystem)
  }

  @Test func `identifiers name the rows of an array`() throws {
    let folder = try TemporaryFolder()
    func read(_ text: String, _ count: Int? = nil) throws -> Identifiers {
      try AtomicFile.write(text: text, to: folder("i.csv"))
      return try Identifiers.read(folder("i.csv"), expecting: count)
    }
    #expect(
      try read("identity,extra,id\nann,1,x\n,2,y\n", 2)
        == Identifiers(rows: [.init(id: "x", identity: "ann"), .init(id: "y", identity: nil)]))
    #expect(try read("id\nx\n").rows == [.init(id: "x", identity: nil)])
    let name = folder("i.csv")
    for (text, message) in [
      ("identity\nann\n", "\(name) has no column id; it has identity"),
      ("id\nx\n", "\(name) has 1 rows for 2 vectors"),
      ("id\nx\nx\n", "\(name) has the id \"x\" in rows 1 and 2"),
      ("id,identity\nx,a\n,b\n", "\(name) has no id in row 2"),
    ] {
      #expect(failure { _ = try read(text, 2) }?.message == message)
    }
  }
}
