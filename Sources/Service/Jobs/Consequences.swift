internal import Diagnostics

/// What follows from a job's end, found out before it is recorded, so that all of it is recorded in
/// one transaction with the end itself.
struct Consequences: Sendable {
  /// Jobs to queue for the watch that queued this one.
  var gates: [NewJob] = []
  /// Why drift is to be reported; nil where there is none.
  var drift: DriftFact?
  /// The workspace's name, for messages.
  var workspace = ""
}

/// A step away from what a job of the same kind found before.
struct DriftFact: Equatable, Sendable {
  /// One sentence.
  var detail: String
  /// The numbers in it.
  var numbers: JSONValue
}
