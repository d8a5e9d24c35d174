public import Simulation

/// A NIC serves one hand-off at a time, in the order in which they joined.
///
/// Source: a queue per link, as in splitwise-sim's default link,
/// https://github.com/Mutinifni/splitwise-sim. No departure.
///
/// Parameters: none.
///
/// Example: two equal transfers that join one NIC at once end after one and after two transfer
/// times.
public struct InOrderTransfers: OrderTransfers {
  public static let entry = PolicyEntry.transfers(
    "fcfs",
    "A NIC serves one hand-off at a time, in the order in which they joined."
  ) { _ in InOrderTransfers() }

  public init() {}

  public var discipline: LinkDiscipline { .firstComeFirstServed }
}
