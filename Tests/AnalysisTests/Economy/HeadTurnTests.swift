import Analysis
import Testing

@Suite struct HeadTurnTests {
  private func turn(_ nose: Float, tilt: Float = 0) -> HeadTurn? {
    // Eyes 40 apart; `tilt` lifts the right one.
    HeadTurn(landmarks: [30, 50, 70, 50 + tilt, 50 + nose, 70 + tilt / 2, 35, 90, 65, 90])
  }

  @Test func `the nose says which way a face looks`() {
    #expect(turn(0) == .front)
    #expect(turn(5) == .front)
    #expect(turn(15) == .right)
    #expect(turn(-15) == .left)
  }

  @Test func `a tilted head that looks ahead is a face from the front`() {
    // The nose lies 20 below the middle of the eyes, across the line of the eyes.
    let (eyes, across) = ((x: Float(36), y: Float(12)), (x: Float(-6.3), y: Float(19)))
    let middle = (x: Float(50), y: Float(50))
    let landmarks = [
      middle.x - eyes.x / 2, middle.y - eyes.y / 2, middle.x + eyes.x / 2, middle.y + eyes.y / 2,
      middle.x + across.x, middle.y + across.y,
    ]
    #expect(HeadTurn(landmarks: landmarks) == .front)
  }

  @Test func `what cannot be told is not told`() {
    #expect(HeadTurn(landmarks: []) == nil)
    #expect(HeadTurn(landmarks: [1, 1, 1, 1, 5, 5]) == nil)
    #expect(HeadTurn(landmarks: [0, 0, 1, 0, .nan, 0]) == nil)
  }
}
