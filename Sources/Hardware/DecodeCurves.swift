/// One linear piece of a decode curve, from its knot up to the next.
public struct CurvePiece: Sendable {
  /// KV read at the knot, in units of the instance's `KVShape`.
  public var lowerUnits: Int64
  /// The first value that belongs to the next piece.
  public var upperUnits: Int64
  public var time: FineTime
  /// Fine time per unit.
  public var timeSlope: FineTime
  public var energy: FineEnergy
  public var energySlope: FineEnergy

  /// A piece that holds no value: what a series has before it begins.
  public static var empty: CurvePiece {
    CurvePiece(
      lowerUnits: 0,
      upperUnits: 0,
      time: 0,
      timeSlope: 0,
      energy: 0,
      energySlope: 0
    )
  }

  /// The duration of a step that reads `units`, within the piece.
  @inlinable
  public func time(units: Int64) -> FineTime {
    time &+ timeSlope &* FineTime(units &- lowerUnits)
  }

  @inlinable
  public func energy(units: Int64) -> FineEnergy {
    energy &+ energySlope &* FineEnergy(units &- lowerUnits)
  }
}

/// The decode cost of one instance kind as piecewise linear functions of the KV read, one per batch.
///
/// Knots stand at 8 per octave, so a piece is found from the leading bits; values at knots are those
/// of the cost model, clamped to at least 1 ns, and slopes are whole numbers of 2⁻³² ns per unit.
/// A batch's curve is tabulated when the batch first occurs.
public struct DecodeCurves: Sendable {
  private let costs: any CostModel
  private let bytesPerUnit: Double
  private let knotCount: Int
  private var offsets: ContiguousArray<Int32> = []
  private var pieces: ContiguousArray<CurvePiece> = []

  public init(kind: InstanceKind) {
    costs = kind.costs
    bytesPerUnit = Double(kind.kv.unitBytes)
    // Reads exceed what the instance holds only where requests share much of it.
    knotCount = Self.knot(units: kind.kvCapacityUnits) + 1
  }

  /// The number of the knot at or below `units`: the three bits below the leading one, and the
  /// position of the leading one.
  static func knot(units: Int64) -> Int {
    guard units >= 8 else { return Int(units) }
    let shift = 60 - units.leadingZeroBitCount
    return shift << 3 + Int(units >> Int64(shift))
  }

  /// The KV read at a knot, in units.
  static func units(knot: Int) -> Int64 {
    guard knot >= 16 else { return Int64(knot) }
    let shift = knot >> 3 - 1
    return Int64(8 + knot & 7) << Int64(shift)
  }

  /// The piece of the curve of `batch` that holds `units`.
  ///
  /// - Parameters:
  ///   - batch: Requests in the step, at least 1.
  ///   - units: KV read, at least 0: more than the capacity of the instance kind where requests share
  ///     blocks, which each of them reads.
  /// - Returns: The piece, for every value from its lower up to its upper units.
  public mutating func piece(batch: Int, units: Int64) -> CurvePiece {
    let knot = Self.knot(units: units)
    guard knot < knotCount else { return makePiece(batch: batch, knot: knot) }
    if batch >= offsets.count {
      offsets.append(contentsOf: repeatElement(-1, count: batch + 1 - offsets.count))
    }
    if offsets[batch] < 0 { tabulate(batch: batch) }
    return pieces[Int(offsets[batch]) + knot]
  }

  private mutating func tabulate(batch: Int) {
    offsets[batch] = Int32(pieces.count)
    var lower = cost(batch: batch, knot: 0)
    for knot in 0..<knotCount {
      let upper = cost(batch: batch, knot: knot + 1)
      pieces.append(Self.piece(knot: knot, from: lower, to: upper))
      lower = upper
    }
  }

  private func makePiece(batch: Int, knot: Int) -> CurvePiece {
    Self.piece(
      knot: knot,
      from: cost(batch: batch, knot: knot),
      to: cost(batch: batch, knot: knot + 1)
    )
  }

  private static func piece(
    knot: Int,
    from lower: StepCost,
    to upper: StepCost
  ) -> CurvePiece {
    let (start, end) = (units(knot: knot), units(knot: knot + 1))
    let width = Int128(end - start)
    return CurvePiece(
      lowerUnits: start,
      upperUnits: end,
      time: lower.time,
      timeSlope: (upper.time - lower.time) / width,
      energy: lower.energy,
      energySlope: (upper.energy - lower.energy) / width
    )
  }

  private func cost(batch: Int, knot: Int) -> StepCost {
    var cost = costs.decodeStep(
      batch: batch,
      kvBytes: Double(Self.units(knot: knot)) * bytesPerUnit
    )
    cost.time = max(cost.time, FixedPoint.fine(nanoseconds: 1))
    return cost
  }
}
