public import Domain
internal import Execution

/// Pictures of a user's own program: JSON lines on its standard streams, vectors and pictures in
/// files. docs/exec.md is the protocol.
///
/// Programs are started when they are first needed and stay until this object goes. One that ends or
/// does not answer in time is started again and asked the same; after `tries` in a row that is an
/// error.
public final class ExecGenerator: Generator {
  /// How often one request is made before it counts as failed.
  public static let tries = 3

  public let description: ExecDescription
  private let turnstile: Turnstile
  private let workers: [ExecWorker]

  /// Starts nothing.
  public init(_ description: ExecDescription) {
    self.description = description
    let count = max(1, description.workers)
    turnstile = Turnstile(places: count)
    workers = (0..<count).map { _ in ExecWorker(description) }
  }

  public var name: String { description.name }
  public var digest: String { description.digest }
  public var input: GeneratorInput { description.input }
  public var preferredBatch: Int { description.batch }

  /// - Throws: `vectorsUnfit` before anything is asked; `programFailed` where it does not start, ends,
  ///   or is late; `programUnfit` where its answers are not those of the protocol or its pictures not
  ///   of the size described.
  public func pictures(for orders: PictureOrders) throws -> [GeneratedPicture] {
    try orders.check(for: self)
    guard orders.count > 0 else { return [] }
    return try turnstile.pass { try workers[$0].pictures(for: orders) }
  }

  /// Starts a program, if none runs yet, and waits until it is ready.
  ///
  /// - Returns: what it calls itself.
  public func shakeHands() throws -> String {
    try turnstile.pass { try workers[$0].shakeHands() }
  }
}
