import Diagnostics
import Testing

@Suite struct HumanNumbersTests {
  @Test func `thousands are parted by commas`() {
    let cases: [(Int, String)] = [
      (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"),
      (-1234, "-1,234"), (-999, "-999"), (.min, "-9,223,372,036,854,775,808"),
    ]
    for (number, text) in cases { #expect(HumanNumbers.count(number) == text) }
  }

  @Test func `sizes change their unit where the next one reads better`() {
    let cases: [(Int, String)] = [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
      (1_048_575, "1.0 MiB"), (3_435_973_837, "3.2 GiB"), (.max, "8.0 EiB"),
    ]
    for (number, text) in cases { #expect(HumanNumbers.bytes(number) == text) }
  }

  @Test func `spans of time are told in their two leading units`() {
    let cases: [(Duration, String)] = [
      (.zero, "0 ms"), (.milliseconds(350), "350 ms"), (.microseconds(999_700), "1.0 s"),
      (.milliseconds(3210), "3.2 s"), (.milliseconds(9960), "10 s"), (.seconds(12), "12 s"),
      (.milliseconds(59_600), "1 min"), (.seconds(125), "2 min 5 s"), (.seconds(3600), "1 h"),
      (.seconds(11_520), "3 h 12 min"), (.seconds(183_600), "2 d 3 h"), (.seconds(-5), "0 ms"),
      (.seconds(1 << 62), "11574074074 d 1 h"),
    ]
    for (span, text) in cases { #expect(HumanNumbers.duration(span) == text) }
  }

  @Test func `rates keep three digits or turn to minutes`() {
    let cases: [(Double, String)] = [
      (0, "0.0/min"), (0.1, "6.0/min"), (1, "1.00/s"), (9.994, "9.99/s"), (56.24, "56.2/s"),
      (99.96, "100/s"), (1234.4, "1,234/s"), (.nan, "-/s"), (.infinity, "-/s"),
    ]
    for (rate, text) in cases { #expect(HumanNumbers.rate(rate) == text) }
  }

  @Test func `decimals are rounded and never show a negative nothing`() {
    #expect(HumanNumbers.decimal(2.5, 0) == "3")
    #expect(HumanNumbers.decimal(1234.5678, 2) == "1,234.57")
    #expect(HumanNumbers.decimal(-0.04, 1) == "0.0")
    #expect(HumanNumbers.decimal(-0.06, 1) == "-0.1")
    #expect(HumanNumbers.decimal(0.05, 3) == "0.050")
    #expect(HumanNumbers.decimal(.nan, 2) == "nan")
    #expect(HumanNumbers.decimal(1e300, 2) == "1e+300")
    #expect(HumanNumbers.percent(0.125) == "12.5 %")
  }
}
