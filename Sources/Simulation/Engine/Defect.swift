/// Faults that the law suite switches on, one at a time, to prove that it would notice them.
///
/// They exist in debug builds only; a release build has no trace of them.
package enum Defect: String, CaseIterable, Sendable {
  /// A landed request joins the batch one boundary late.
  case joinsLate
  /// A segment is cut at the first boundary after a time, not at or after it.
  case cutsAfter
  /// Instances start in the order in which they became ready.
  case insertionOrder
  /// Growth that would just fit is refused.
  case growthOffByOne
  /// Rates are not shared anew when a transfer ends.
  case staleRate
  /// A request leaves its sliding window one step late.
  case crossesLate
  /// The inner clock restarts at the visible time at every step.
  case clockLosesFraction
  /// Gauges grow up to the moment of reading, not to the grid point.
  case readsBeyondGrid
  /// A segment runs over the boundary at which a review fires.
  case reviewMissed
  /// The bridge queue is not served when decode memory is freed.
  case bridgeForgotten
  /// A segment keeps the slope of its first piece across knots.
  case knotIgnored
  /// A preempted request goes to the end of its queue.
  case preemptedLast
  /// A reservation does not shorten the segment it competes with.
  case reservationIgnored
  /// A preempted request loses a token.
  case forgetsToken
  /// The last layer's share of a chunk is sent before it has been computed.
  case layerWiseLastShareLost
  /// A layer-wise transfer that has nothing to send stays on its links.
  case idleFlowKeepsShare
  /// A pull is served in the middle of a step.
  case pullAtOnce
  /// Every transfer pays the cold start.
  case coldStartAlways
  /// A pair of pools is as efficient as its NICs.
  case pairCapIgnored
  /// The shared fabric of a pool never binds.
  case fabricCapIgnored
  /// A swap-in does not wait for its own copy out.
  case swapInBeforeOut
  /// Host memory is not given back.
  case hostMemoryForgotten
  /// What is published when steps start does not wake the gateway.
  case gatewayForgotten
  /// An edge that waits for dispatch waits for completion.
  case dispatchAsCompletion
  /// The delay of an edge is scaled like a session's start.
  case delayScaled
  /// What waits for a request that failed is never offered.
  case descendantsForgotten
  /// With a view lag, a policy sees a grid point at its own instant.
  case lagSeesChanges
  /// A request that is rejected late keeps its prompt's memory.
  case lateRejectKeepsMemory
  /// A hit is not floored to the fleet's block.
  case hitNotFloored
  /// The growth of a running segment evicts nothing until it ends.
  case growthEvictsNothing
  /// What the decode side has cached is sent all the same.
  case handoffIgnoresHit
  /// Time does not end a retention.
  case retentionForgotten
  /// A retention never gives way.
  case retentionNeverYields
  /// A block that two requests have computed counts twice.
  case sharedBlockCountsTwice
  /// What is sent to a shared tier does not share its bandwidth.
  case storeHasNoBandwidth
  /// What is loaded from tiers is there at once.
  case loadsAtOnce
  /// What is loaded is not floored to the fleet's block.
  case loadNotFloored
  /// What leaves memory is not written to a tier.
  case tierForgets
  /// What a retention moves to the tiers is dropped.
  case swapDrops
}

#if SEEDED_DEFECTS
  package enum SeededDefect {
    /// The fault that is on in this task and its children.
    @TaskLocal package static var current: Defect?
  }

  func defect(_ candidate: Defect) -> Bool { SeededDefect.current == candidate }

  /// Stops a debug run that breaks an invariant, unless it was seeded with a fault.
  func law(_ holds: @autoclosure () -> Bool, _ message: StaticString) {
    if SeededDefect.current == nil { precondition(holds(), "\(message)") }
  }
#else
  @inline(__always)
  func defect(_ candidate: Defect) -> Bool { false }

  @inline(__always)
  func law(_ holds: @autoclosure () -> Bool, _ message: StaticString) {}
#endif
