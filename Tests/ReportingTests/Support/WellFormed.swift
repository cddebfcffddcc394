import Foundation
import FoundationXML
import Testing

/// Fails where `text` is not well-formed XML.
func expectWellFormed(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let parser = XMLParser(data: Data(text.utf8))
  let isWellFormed = parser.parse()
  #expect(
    isWellFormed, "line \(parser.lineNumber): \(String(describing: parser.parserError))",
    sourceLocation: sourceLocation)
}
