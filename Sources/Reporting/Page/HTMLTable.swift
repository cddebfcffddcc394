/// An HTML table with caption and scopes. The page's script makes it sortable, filterable and, past
/// 50 rows, folded; without the script everything is there in the order given.
struct HTMLTable: Sendable {
  struct Column: Sendable {
    var title: String
    var isNumber = false
    /// False where sorting makes no sense.
    var sorts = true
  }

  struct Cell: Sendable {
    var content: Markup
    /// What the cell sorts by, where that is not its text.
    var sortKey: String?

    static func markup(_ content: Markup, sortKey: String? = nil) -> Cell {
      Cell(content: content, sortKey: sortKey)
    }

    static func text(_ text: String) -> Cell { Cell(content: "\(text)") }
    static func name(_ text: String) -> Cell {
      Cell(content: text.isEmpty ? .empty : "\(name: text)", sortKey: text)
    }

    static func count(_ value: Int) -> Cell {
      Cell(content: "\(Numeral.grouped(value))", sortKey: String(value))
    }

    static func number(_ value: Double?, decimals: Int) -> Cell {
      guard let value, value.isFinite else { return Cell(content: .empty, sortKey: "") }
      return Cell(
        content: "\(Numeral.fixed(value, decimals))", sortKey: Numeral.machine(value, 9))
    }
  }

  var caption: String
  var columns: [Column]
  var rows: [[Cell]]
  /// True where the rows become cards on a phone.
  var stacks = false

  var markup: Markup {
    let heads = columns.map { column -> Markup in
      let style: Markup = column.isNumber ? " class=\"n\"" : .empty
      let fixed: Markup = column.sorts ? .empty : " data-fixed"
      return "<th scope=\"col\"\(style)\(fixed)>\(column.title)</th>"
    }
    return """
      <div class="scroll"><table class="live\(stacks ? " stack" : "")">
      <caption>\(caption)</caption>
      <thead><tr>\(Markup.joined(heads, by: ""))</tr></thead>
      <tbody>
      \(Markup.joined(rows.map(row)))
      </tbody></table></div>
      """
  }

  private func row(_ cells: [Cell]) -> Markup {
    let parts = zip(columns, cells).map { column, cell -> Markup in
      let style: Markup = column.isNumber ? " class=\"n\"" : .empty
      let key: Markup = cell.sortKey.map { " data-sort=\"\($0)\"" } ?? .empty
      let label: Markup = stacks ? " data-label=\"\(column.title)\"" : .empty
      return "<td\(style)\(key)\(label)>\(cell.content)</td>"
    }
    return "<tr>\(Markup.joined(parts, by: ""))</tr>"
  }
}
