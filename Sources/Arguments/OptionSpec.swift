/// One option of a command, as data: the parser, the help and the completions all read this.
public struct OptionSpec: Equatable, Sendable {
  /// The long name with its dashes, such as `--seed`.
  public var name: String
  /// The short name with its dash, such as `-q`.
  public var short: String?
  /// The placeholder of the value in help, such as `N`; nil makes the option a flag.
  public var value: String?
  /// What the option does, one or two sentences.
  public var help: String
  /// What happens when the option is left out, in words; shown in help only.
  public var defaultText: String?
  /// True when the option may be given several times.
  public var isRepeatable: Bool
  /// True when the command cannot run without it.
  public var isRequired: Bool
  /// The only values the option takes; empty when any value will do.
  public var allowed: [String]

  /// An option that takes a value shown as `value` in help.
  public init(
    _ name: String, short: String? = nil, value: String, help: String,
    defaultText: String? = nil, isRepeatable: Bool = false, isRequired: Bool = false,
    allowed: [String] = []
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.help = help
    self.defaultText = defaultText
    self.isRepeatable = isRepeatable
    self.isRequired = isRequired
    self.allowed = allowed
  }

  /// An option without a value; giving it twice means the same as once.
  public init(flag name: String, short: String? = nil, help: String) {
    self.name = name
    self.short = short
    self.value = nil
    self.help = help
    self.defaultText = nil
    self.isRepeatable = false
    self.isRequired = false
    self.allowed = []
  }

  /// True when the option takes no value.
  public var isFlag: Bool { value == nil }
}
