import Workload

/// Draws traces whose requests arrive on a coarse grid, many at the same instant.
enum CaseTrace {
  static func draw(using random: inout SplitMix64) -> RowGroup {
    let count = Int.random(in: 5...60, using: &random)
    var rows = RowGroup()
    rows.arrival = arrivals(count, using: &random)
    rows.record = records(arrivals: rows.arrival, using: &random)
    let (longestPrompt, longestOutput) = (random.pick(8, 40, 40), random.pick(4, 30, 60, 60))
    for _ in 0..<count {
      rows.promptTokens.append(Int32.random(in: 1...Int32(longestPrompt), using: &random))
      let isSingle = random.isOne(in: 8)
      let output = isSingle ? 1 : Int32.random(in: 1...Int32(longestOutput), using: &random)
      rows.outputTokens.append(output)
    }
    addOptionalColumns(to: &rows, using: &random)
    return rows
  }

  private static func arrivals(
    _ count: Int,
    using random: inout SplitMix64
  ) -> ContiguousArray<SimTime> {
    let grid = random.pick(0, 10, 10, 50, 50, 300)
    var arrivals: ContiguousArray<SimTime> = []
    var time = 0
    for _ in 0..<count {
      arrivals.append(SimTime(time))
      time += grid * random.pick(0, 0, 0, 1, 1, 2, 7)
    }
    return arrivals
  }

  /// Half of the traces are not in the order of their source; ties are sorted by record.
  private static func records(
    arrivals: ContiguousArray<SimTime>,
    using random: inout SplitMix64
  ) -> ContiguousArray<Int64> {
    var records = ContiguousArray(arrivals.indices.map(Int64.init))
    guard random.isOne(in: 2) else { return records }
    records.shuffle(using: &random)
    let order = arrivals.indices.sorted {
      (arrivals[$0], records[$0]) < (arrivals[$1], records[$1])
    }
    return ContiguousArray(order.map { records[$0] })
  }

  private static func addOptionalColumns(to rows: inout RowGroup, using random: inout SplitMix64) {
    let count = rows.count
    if random.isOne(in: 2) {
      rows.maxOutputTokens = ContiguousArray(
        rows.outputTokens.map { $0 + random.pick(0, 0, 10, 64) }
      )
    }
    if random.isOne(in: 2) {
      rows.requestClass = fill(count) { random.pick(0, 1, 2) }
      rows.tenant = fill(count) { random.pick(0, 1) }
    }
    if random.isOne(in: 2) { rows.priority = fill(count) { random.pick(-1, 0, 0, 0, 5) } }
    if random.isOne(in: 4) {
      rows.ttftSLO = fill(count) { random.pick(0, 200, 1_000) }
      rows.tpotSLO = fill(count) { random.pick(0, 20, 100) }
    }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: CaseSessions.add(to: &rows, using: &random)
    case 1, 2, 3:
      CaseSessions.add(to: &rows, using: &random)
      CaseSessions.addEdges(to: &rows, using: &random)
    default: break
    }
  }

  private static func fill<T>(_ count: Int, _ value: () -> T) -> ContiguousArray<T> {
    ContiguousArray((0..<count).map { _ in value() })
  }
}
