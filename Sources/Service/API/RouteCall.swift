public import Diagnostics
public import HTTPServer

/// One request on its way through a route: who asks, and for what.
public struct RouteCall: Sendable {
  public let request: ServerRequest
  /// The values of the pattern's names.
  public let parameters: [String: String]
  public let query: [(name: String, value: String)]
  public let caller: Caller

  /// A page of a list.
  public struct Page: Equatable, Sendable {
    /// Most items, 1 to 1000.
    public var limit: Int
    /// What the last answer gave as `next`.
    public var cursor: String?
  }

  /// A value of the pattern's names; empty for a name it does not have.
  public func parameter(_ name: String) -> String { parameters[name] ?? "" }

  /// A number in the path. - Throws: 404 where it is none: then nothing is there either.
  public func id(_ name: String = "id") throws(Problem) -> Int64 {
    guard let id = Int64(parameter(name)), id > 0 else {
      throw .notFound("'\(parameter(name))' here")
    }
    return id
  }

  /// A field of the query. - Throws: 422 where it is given twice.
  public func query(_ name: String) throws(Problem) -> String? {
    let found = query.filter { $0.name == name }
    guard found.count < 2 else { throw .badField(name, "is given twice") }
    return found.first?.value
  }

  /// A whole number of the query. - Throws: 422 outside the range.
  public func query(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
    guard let text = try query(name) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw .badField(name, "must be \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// `true` or `false` of the query. - Throws: 422 for any other word.
  public func queryFlag(_ name: String) throws(Problem) -> Bool? {
    switch try query(name) {
    case nil: nil
    case "true": true
    case "false": false
    default: throw .badField(name, "must be true or false")
    }
  }

  /// One of the words of a type. - Throws: 422 for any other word.
  public func query<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws(Problem) -> Choice? {
    guard let text = try query(name) else { return nil }
    guard let choice = Choice(rawValue: text) else { throw .badField(name, Self.oneOf(type)) }
    return choice
  }

  /// The page that is asked for. - Throws: 422 for a limit out of bounds.
  public func page() throws(Problem) -> Page {
    Page(limit: try query("limit", in: 1...1000) ?? 100, cursor: try query("cursor"))
  }

  /// The body's object. - Throws: 400 for what is no JSON, 422 for another kind of value or a
  /// member that is not among `members`.
  public func json(members: Set<String>) throws -> JSONFields {
    let value = request.body.isEmpty ? [:] : try JSONValue(parsing: request.body, depthLimit: 32)
    guard let object = value.objectValue else {
      throw Problem(422, "badField", "the body must be a JSON object")
    }
    if let stranger = object.keys.sorted().first(where: { !members.contains($0) }) {
      throw Problem.badField(stranger, "is not known here")
    }
    return JSONFields(members: object)
  }

  static func oneOf<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> String
  {
    "must be one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
  }
}

/// The members of a request's JSON object, read with their kinds checked.
public struct JSONFields: Sendable {
  public let members: [String: JSONValue]

  public init(members: [String: JSONValue]) { self.members = members }

  /// Nil where it is missing or null.
  public subscript(name: String) -> JSONValue? {
    guard let value = members[name], !value.isNull else { return nil }
    return value
  }

  /// - Throws: 422 for another kind of value or more than `limit` characters.
  public func string(_ name: String, limit: Int = 1000) throws(Problem) -> String? {
    guard let value = self[name] else { return nil }
    guard let text = value.stringValue else { throw .badField(name, "must be a text") }
    guard text.count <= limit else { throw .badField(name, "is longer than \(limit) characters") }
    return text
  }

  /// A text that must be there. - Throws: 422 where it is missing or empty.
  public func required(_ name: String, limit: Int = 1000) throws(Problem) -> String {
    guard let text = try string(name, limit: limit), !text.isEmpty else {
      throw .badField(name, "is missing")
    }
    return text
  }

  /// A whole number. - Throws: 422 for another kind of value, or outside the range.
  public func int(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
    guard let value = self[name] else { return nil }
    guard let number = value.intValue, range.contains(number) else {
      throw .badField(name, "must be a whole number, \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A flag. - Throws: 422 for another kind of value.
  public func bool(_ name: String) throws(Problem) -> Bool? {
    guard let value = self[name] else { return nil }
    guard let flag = value.boolValue else { throw .badField(name, "must be true or false") }
    return flag
  }

  /// A list of texts. - Throws: 422 for another kind of value, or more than `limit`.
  public func strings(_ name: String, limit: Int = 100) throws(Problem) -> [String]? {
    guard let value = self[name] else { return nil }
    let texts = value.arrayValue?.map(\.stringValue) ?? [nil]
    guard texts.count <= limit, !texts.contains(nil) else {
      throw .badField(name, "must be a list of at most \(limit) texts")
    }
    return texts.compactMap { $0 }
  }

  /// One of the words of a type. - Throws: 422 for any other word.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws(Problem) -> Choice? {
    guard let text = try string(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw .badField(name, RouteCall.oneOf(type))
    }
    return choice
  }
}

extension RouteCall.Page {
  static let strangeCursor = Problem.badField("cursor", "is not one that an answer gave as 'next'")

  /// The cursor of a list in the order of numbers. - Throws: 422 where it is not one of ours.
  var number: Int64? {
    get throws(Problem) {
      guard let cursor else { return nil }
      guard let number = Int64(cursor), number >= 0 else { throw Self.strangeCursor }
      return number
    }
  }
}
