import Domain
import Testing

@Suite struct VectorsTests {
  let three = Vectors(width: 2, rows: [[0, 1], [2, 3], [4, 5]])

  @Test func `rows lie one after the other`() {
    #expect(three.count == 3)
    #expect(three.width == 2)
    #expect(three.values == [0, 1, 2, 3, 4, 5])
    #expect(three == Vectors(count: 3, width: 2, values: [0, 1, 2, 3, 4, 5]))
  }

  @Test func `taking the rows apart and together again changes nothing`() {
    let rows = (0..<three.count).map { Array(three[row: $0]) }
    #expect(Vectors(width: 2, rows: rows) == three)
    #expect(three.rows(0..<3) == three)
  }

  @Test func `chosen rows keep the order given, repeats included`() {
    #expect(three.rows([2, 0, 2]).values == [4, 5, 0, 1, 4, 5])
    #expect(three.rows([2, 0]).rows([1]) == three.rows([0]))
  }

  @Test func `no rows keep their width`() {
    let none = Vectors(width: 7, rows: [])
    #expect(none.count == 0)
    #expect(none.width == 7)
    #expect(none.values.isEmpty)
    #expect(three.rows([]) == Vectors(count: 0, width: 2, values: []))
  }

  @Test func `a value can be changed in place`() {
    var changed = three
    changed.values[3] = 9
    #expect(Array(changed[row: 1]) == [2, 9])
    #expect(Array(three[row: 1]) == [2, 3])
  }

  @Test func `a wrong number of values is a programmer's mistake`() async {
    await #expect(processExitsWith: .failure) {
      _ = Vectors(count: 2, width: 2, values: [1, 2, 3])
    }
    await #expect(processExitsWith: .failure) { _ = Vectors(width: 2, rows: [[1, 2], [3]]) }
    await #expect(processExitsWith: .failure) { _ = Vectors(count: 0, width: 0, values: []) }
  }
}
