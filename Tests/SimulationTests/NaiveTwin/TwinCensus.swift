import Hardware
import Simulation

/// How often the twin met situations that an engine gets wrong easily and that no record shows.
struct TwinCensus: Sendable {
  enum Event: String, CaseIterable, Sendable {
    case recomputedOnDecode = "recomputed on a decode instance"
    case recomputedOnMixed = "recomputed on a mixed instance"
    case handOffWaitedForMemory = "hand-off waited for memory"
    case headOfLineBlocked = "head of a queue blocked one that fits"
    case threeFlowsReshared = "three flows of a NIC shared anew"
    case windowCrossed = "left the sliding window"
    case knotCrossed = "knot inside a segment"
    case arrivedAtInnerBoundary = "arrived at a boundary inside a segment"
    case landedAtInnerBoundary = "landed at a boundary inside a segment"
    case kindsMet = "two kinds of event in a nanosecond"
    case timedReviewStanding = "review .at while standing"
    case timedReviewStepping = "review .at while stepping"
    case countedReview = "review .afterSteps"
    case layerWiseAdmitted = "layer-wise hand-off admitted"
    case layerWiseFellBack = "layer-wise hand-off fell back"
    case layerWiseRejoined = "idle layer-wise transfer joined again"
    case layerWiseRefilled = "transfer drained when more bytes came"
    case coldStartPaid = "cold start paid"
    case coldStartPast = "cold start not paid again"
    case capBound = "bound by the efficiency of a pair"
    case fabricBound = "bound by a fabric"
    case starvedByFabric = "starved by a fabric"
    case pullWaited = "pull waited for a boundary"
    case swappedOut = "copied out to a host"
    case swapInWaitedForCopyOut = "swap-in waited for its copy out"
    case hostMemoryFull = "no room in host memory"
    case returnedToPrefill = "returned to the prefill pool"
    case tooLargeToReturn = "too large for a prefill instance after a preemption"
    case heldAtArrival = "held at arrival"
    case releasedByStart = "released by what a start published"
    case releasedByReview = "released by a review of the gateway"
    case rejectedAtBridge = "rejected in a bridge queue"
    case rejectedAtFirstChunk = "rejected at its first chunk"
    case rejectedOnMixed = "rejected on a mixed instance"
    case dueAtOnce = "turn due where its parent ended"
    case joinedEdges = "turn that waited for several"
    case dispatchEdge = "turn that waited for a dispatch"
    case cancelledDescendant = "cancelled with its parent"
    case notDue = "not due at the horizon"
    case laggedRead = "gauge read that was out of date"
    case hitInPart = "hit that ended inside a block"
    case blockComputedTwice = "block that another had computed meanwhile"
    case evictedInSegment = "growth inside a segment that evicted"
    case decodeSideHit = "hit on the decode side"
    case layerWiseWithHit = "layer-wise hand-off of what was cached"
    case ownBlocksHit = "preempted request that hit"
    case continuationHit = "turn that hit its parent's output"
    case discarded = "discarded block"
    case discardMetSharer = "discard that met a block of others"
    case retentionExpired = "retention that time ended"
    case retentionYieldedToRequest = "retention that gave way to a request"
    case retentionYieldedToGrowth = "retention that gave way to growth"
    case retentionAdopted = "retention taken over by the turn"
    case retentionDropped = "retention of a turn that went elsewhere"
    case writeBackLanded = "write-back that landed"
    case writeBackLandedInRetention = "write-back that landed in a retention"
    case writeBackDropped = "write-back without room"
    case demoted = "blocks moved to a tier"
    case loaded = "prompt that loaded from a tier"
    case prefetched = "prompt that began to load when it was routed"
    case stored = "write-back to a shared tier"
    case storeMissing = "write-back to a shared tier that is not there"
  }

  private var counts = [Int](repeating: 0, count: Event.allCases.count)

  /// Every situation and how often it came up.
  var all: [(event: Event, count: Int)] { Array(zip(Event.allCases, counts)) }

  mutating func count(_ event: Event) {
    for index in Event.allCases.indices where Event.allCases[index] == event {
      counts[index] += 1
    }
  }

  mutating func count(_ fired: [TwinReview], isStepping: Bool) {
    for review in fired {
      switch review {
      case .none: break
      case .at: count(isStepping ? .timedReviewStepping : .timedReviewStanding)
      case .steps: count(.countedReview)
      }
    }
  }
}
