public import Simulation

/// All hand-offs of a NIC share it, with max-min fair rates.
///
/// Source: the fluid model of congestion-controlled flows; Bertsekas and Gallager, "Data Networks",
/// section 6.5.2. Departure: rates are whole bytes per second, rounded down.
///
/// Parameters: none.
///
/// Example: two equal transfers that join one NIC at once both end after two transfer times.
public struct FairShareTransfers: OrderTransfers {
  public static let entry = PolicyEntry.transfers(
    "fair-share",
    "All hand-offs of a NIC share it, with max-min fair rates."
  ) { _ in FairShareTransfers() }

  public init() {}

  public var discipline: LinkDiscipline { .maxMinFair }
}
