import Testing

@testable import Hardware

@Suite struct DecodeCurvesTests {
  @Test func `the knot of a knot's units is that knot, and knots grow`() {
    for knot in 0..<400 {
      let units = DecodeCurves.units(knot: knot)
      #expect(DecodeCurves.knot(units: units) == knot)
      #expect(DecodeCurves.units(knot: knot + 1) > units)
      #expect(DecodeCurves.knot(units: DecodeCurves.units(knot: knot + 1) - 1) == knot)
    }
  }

  @Test func `eight knots stand in every octave`() {
    for octave in 3..<50 {
      let lower = DecodeCurves.knot(units: Int64(1) << Int64(octave))
      #expect(DecodeCurves.knot(units: Int64(1) << Int64(octave + 1)) == lower + 8)
    }
  }

  private static let kinds = Fleets.all.flatMap(\.pools).map(\.kind)

  @Test func `a curve is the cost model's at the knots`() {
    for kind in Self.kinds {
      var curves = DecodeCurves(kind: kind)
      for batch in [1, 7, 256] {
        for knot in 0...DecodeCurves.knot(units: kind.kvCapacityUnits) {
          let units = DecodeCurves.units(knot: knot)
          let exact = kind.costs.decodeStep(
            batch: batch,
            kvBytes: Double(units) * Double(kind.kv.unitBytes)
          )
          let piece = curves.piece(batch: batch, units: units)
          #expect(piece.lowerUnits == units)
          #expect(piece.time(units: units) == exact.time)
          #expect(piece.energy(units: units) == exact.energy)
        }
      }
    }
  }

  @Test func `a curve stays within one percent of the cost model and never falls`() {
    for kind in Self.kinds {
      var curves = DecodeCurves(kind: kind)
      for batch in [1, 64, 256, 700] {
        var last: FineTime = 0
        for units in stride(from: 1, to: kind.kvCapacityUnits, by: 4_099) {
          let piece = curves.piece(batch: batch, units: units)
          #expect(piece.lowerUnits <= units && units < piece.upperUnits)
          let exact = kind.costs.decodeStep(
            batch: batch,
            kvBytes: Double(units) * Double(kind.kv.unitBytes)
          )
          let time = piece.time(units: units)
          #expect(agree(Double(time), Double(exact.time), within: 0.01))
          #expect(agree(Double(piece.energy(units: units)), Double(exact.energy), within: 0.01))
          #expect(time >= last)
          last = time
        }
      }
    }
  }

  @Test func `a step that costs nothing lasts a nanosecond`() throws {
    var kind = try instance(.b200, 1, .llama8B)
    kind.costs = Free()
    var curves = DecodeCurves(kind: kind)
    let piece = curves.piece(batch: 1, units: 100)
    #expect(piece.time(units: 100) == FixedPoint.fine(nanoseconds: 1))
  }

  private struct Free: CostModel {
    private let nothing = StepCost(time: 0, energy: 0)
    func decodeStep(batch: Int, kvBytes: Double) -> StepCost { nothing }
    func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost { nothing }
    func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost { nothing }
    func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double { 0 }
    func weightBytes(batch: Int) -> Double { 0 }
  }
}
