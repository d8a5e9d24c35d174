import Simulation
import Workload

/// What a column of the exported requests is made of, and where it is written.
struct RequestRow {
  var bytes: RowBytes
  /// The request whose row is written.
  var record = RequestRecord()
  /// What is measured; nil measures everything.
  let window: MeasureWindow?
  private let classNames: () -> [String]
  /// The names of the classes as cells, by their index in the trace.
  private var classCells: [[UInt8]] = []
  /// The reasons as cells, by their index.
  private var reasonCells: [[UInt8]] = []
  private let outcomeCells = Outcome.allCases.map { Array("\($0)".utf8) }
  private let handoffCells = HandOffKind.allCases.map { Array("\($0)".utf8) }
  private let truthCells = [false, true].map { Array("\($0)".utf8) }

  init(capacity: Int, window: MeasureWindow?, classNames: @escaping () -> [String]) {
    bytes = RowBytes(capacity: capacity)
    self.window = window
    self.classNames = classNames
  }

  mutating func appendName(ofClass index: UInt16) {
    while classCells.count <= Int(index) {
      let names = classNames()
      classCells.append(
        classCells.count < names.count ? CSVCell.bytes(names[classCells.count]) : []
      )
    }
    append(name: classCells[Int(index)])
  }

  /// Takes the reasons that the rows to come refer to.
  mutating func setReasons(_ reasons: [String]) { reasonCells = reasons.map(CSVCell.bytes) }

  /// Nothing where there is none, or none was told.
  mutating func appendReason(_ index: UInt8) {
    guard index > 0, Int(index) < reasonCells.count else { return }
    append(name: reasonCells[Int(index)])
  }

  /// Names and reasons are the only cells whose length has no bound.
  private mutating func append(name cell: [UInt8]) {
    bytes.makeRoom(for: cell.count + RequestColumn.all.count * (RowBytes.longestCell + 1))
    bytes.append(text: cell)
  }

  mutating func appendName(of outcome: Outcome) {
    bytes.append(text: outcomeCells[Int(outcome.rawValue)])
  }

  mutating func appendName(of handoff: HandOffKind) {
    bytes.append(text: handoffCells[Int(handoff.rawValue)])
  }

  mutating func append(isTrue: Bool) { bytes.append(text: truthCells[isTrue ? 1 : 0]) }
}
