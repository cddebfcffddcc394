/// A leak certificate as people read it, on one printed page.
public struct CertificateReport: Equatable, Sendable {
  /// The colour of the verdict.
  public enum Mark: String, Sendable {
    case clean, exceptions, findings
  }

  /// A heading with its facts.
  public struct Section: Equatable, Sendable {
    public var heading: String
    public var facts: [Fact]

    public init(_ heading: String, _ facts: [Fact]) {
      self.heading = heading
      self.facts = facts
    }
  }

  /// One line of a section.
  public struct Fact: Equatable, Sendable {
    public var term: String
    public var value: String
    /// True for digests and keys, which are set in a fixed width.
    public var isCode: Bool

    public init(_ term: String, _ value: String, isCode: Bool = false) {
      self.term = term
      self.value = value
      self.isCode = isCode
    }
  }

  public var title: String
  public var mark: Mark
  public var verdict: String
  /// What may have been missed, in a sentence.
  public var exposure: String
  public var sections: [Section]
  /// What the certificate does not say.
  public var limits: [String]
  public var footer: String

  public init(
    title: String, mark: Mark, verdict: String, exposure: String, sections: [Section]
  ) {
    self.title = title
    self.mark = mark
    self.verdict = verdict
    self.exposure = exposure
    self.sections = sections
    limits = []
    footer = ""
  }
}
