/// The mean direction of one identity's unit vectors.
///
/// With m = (1/n) Σ eᵢ over unit vectors eᵢ, the direction is m/‖m‖ and the concentration R = ‖m‖:
/// 1 when all vectors agree, near 0 when they spread evenly.
/// Source: Mardia and Jupp, *Directional Statistics*, section 9.2.
public struct Prototype: Equatable, Sendable {
  /// The label the vectors carried.
  public var identity: Int
  /// Unit length; all zeros where the vectors cancel out.
  public var direction: [Float]
  /// The resultant length R in 0...1.
  public var concentration: Double
  /// How many vectors went in; zero rows are not counted.
  public var count: Int
}
