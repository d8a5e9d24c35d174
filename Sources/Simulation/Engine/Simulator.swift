import Hardware
import Workload

/// The state of one run, and its loop over instants.
///
/// What happens at an instant, and in which order, is written in the Semantics article; the
/// extensions of this type follow its phases.
struct Simulator: ~Copyable {
  let fleet: Fleet
  let options: RunOptions
  let signals: Signals
  let isMonolithic: Bool
  let emitsAtPrefill: Bool
  let stepsAlways: Bool
  var policies: PolicySet

  var now: SimTime = 0
  var queue: EventQueue
  var arrivals: ArrivalStream
  var requests = RequestTable()
  var instances: ContiguousArray<Instance>
  /// Per pool.
  var curves: ContiguousArray<DecodeCurves>
  var costs: ContiguousArray<any CostModel>
  var links: Links

  /// Gauges of the instances that compute prompts, and of those that only decode.
  var entryView = PoolView()
  var decodeView = PoolView()
  var entryInstances: ContiguousArray<Int32> = []
  var decodeInstances: ContiguousArray<Int32> = []
  /// First grid point after the last look at an instance's KV gauge.
  var nextGrid: ContiguousArray<SimTime>
  /// Smallest KV shapes decide which prompts need no eligibility check.
  var entryCapacity: CapacityRange
  var decodeCapacity: CapacityRange

  /// Instances that are not in a step and may start one at this instant.
  var ready: ContiguousArray<Int32> = []
  var isReady: ContiguousArray<Bool>
  /// Decode instances whose bridge queue is to be served at this instant.
  var bridges: ContiguousArray<Int32> = []
  var isBridgeListed: ContiguousArray<Bool>
  /// Prompts completed at this instant that go to a decode instance.
  var handoffs: ContiguousArray<Int32> = []

  /// Prompt tokens of the fleet that wait: not yet computed, or for decode memory.
  var queuedTokens: Int64 = 0
  var finished: ContiguousArray<RequestRecord> = []
  var intervals: ContiguousArray<TokenIntervals> = []
  var joinersByClass: ContiguousArray<Int32> = []
  var result = RunResult()

  static let blockSize = 4_096

  init(fleet: Fleet, policies: PolicySet, options: RunOptions, arrivals: consuming ArrivalStream) {
    self.fleet = fleet
    self.policies = policies
    self.options = options
    self.arrivals = arrivals
    signals = policies.signals
    isMonolithic = fleet.isMonolithic
    emitsAtPrefill = isMonolithic || fleet.firstToken == .prefill
    stepsAlways = options.mode == .stepping || options.consultsEveryBoundary
    let count = fleet.instanceCount
    queue = EventQueue(entities: count)
    curves = ContiguousArray(fleet.pools.map { DecodeCurves(kind: $0.kind) })
    costs = ContiguousArray(fleet.pools.map(\.kind.costs))
    links = Links(
      capacities: fleet.pools.flatMap { pool in
        repeatElement(pool.kind.nicBytesPerSecond, count: pool.count)
      },
      discipline: policies.orderTransfers.discipline
    )
    nextGrid = ContiguousArray(repeating: 0, count: count)
    isReady = ContiguousArray(repeating: false, count: count)
    isBridgeListed = ContiguousArray(repeating: false, count: count)
    instances = []
    entryCapacity = CapacityRange()
    decodeCapacity = CapacityRange()
    result.stepsAtBatch = Array(repeating: [], count: fleet.pools.count)
    finished.reserveCapacity(Self.blockSize * 2)
    intervals.reserveCapacity(Self.blockSize * 2)
    makeInstances()
  }

  private mutating func makeInstances() {
    let count = SimTime(fleet.instanceCount)
    for (poolIndex, pool) in fleet.pools.enumerated() {
      for _ in 0..<pool.count {
        let index = instances.count
        let isDecode = pool.role == .decode
        instances.append(
          Instance(
            index: index,
            pool: poolIndex,
            position: isDecode ? decodeInstances.count : entryInstances.count,
            spec: pool,
            gridPhase: SimTime(index) * fleet.tick / count,
            prefillDependsOnTime: policies.orderPrefill.dependsOnTime,
            bridgeDependsOnTime: policies.orderBridge.dependsOnTime
          )
        )
        if isDecode {
          decodeInstances.append(Int32(index))
          decodeView.append(capacityUnits: pool.kind.kvCapacityUnits)
          decodeCapacity.add(pool.kind)
        } else {
          entryInstances.append(Int32(index))
          entryView.append(capacityUnits: pool.kind.kvCapacityUnits)
          entryCapacity.add(pool.kind)
        }
      }
    }
  }

  mutating func run<Sink: RecordSink>(into sink: inout Sink) throws(TraceError) -> RunResult {
    while true {
      let next = min(queue.nextTime, arrivals.nextTime)
      guard next != .never, next <= options.horizon else { break }
      now = next
      repeat {
        while queue.nextTime == now { handleNextEvent() }
        while arrivals.nextTime == now { try arrive() }
        placeHandoffs()
        serveBridges()
      } while queue.nextTime == now
      shareLinks()
      startReadyInstances()
      if finished.count >= Self.blockSize || intervals.count >= Self.blockSize {
        flush(into: &sink)
      }
    }
    finish()
    flush(into: &sink)
    return result
  }

  private mutating func handleNextEvent() {
    let (kind, entity) = queue.pop()
    switch kind {
    case .boundary: endSegment(entity)
    case .transferJoin: joinLinks(Int32(entity - instances.count))
    case .transferEnd: land(Int32(entity - instances.count))
    case .timer: fireTimer(entity)
    }
  }

  private mutating func flush<Sink: RecordSink>(into sink: inout Sink) {
    sink.receive(requests: finished)
    finished.removeAll(keepingCapacity: true)
    sink.receive(intervals: intervals)
    intervals.removeAll(keepingCapacity: true)
  }

  /// Puts an instance on the list of those that may start a step at this instant.
  mutating func markReady(_ index: Int) {
    guard !isReady[index] else { return }
    isReady[index] = true
    ready.append(Int32(index))
  }

  /// Puts a decode instance on the list of those whose bridge queue is served at this instant.
  mutating func markBridge(_ index: Int) {
    guard !isBridgeListed[index] else { return }
    isBridgeListed[index] = true
    bridges.append(Int32(index))
  }
}

/// The range of capacities in a set of instances, so that the common case of equal instances needs
/// no list of eligible ones.
struct CapacityRange {
  private(set) var largest: [(kv: KVShape, units: Int64)] = []

  /// Adds an instance kind.
  mutating func add(_ kind: InstanceKind) {
    let same = largest.contains { $0.kv == kind.kv && $0.units == kind.kvCapacityUnits }
    if !same { largest.append((kind.kv, kind.kvCapacityUnits)) }
  }

  /// How many of the distinct kinds hold a prompt of so many tokens.
  func kindsHolding(tokens: Int) -> Int {
    largest.reduce(0) { $0 + ($1.kv.units(tokens: tokens) <= $1.units ? 1 : 0) }
  }
}

extension ContiguousArray {
  /// Sorts in place by insertion; the lists of one instant hold a few elements.
  mutating func insertionSort(by precedes: (Element, Element) -> Bool) {
    guard count > 1 else { return }
    for index in 1..<count {
      let element = self[index]
      var hole = index
      while hole > 0, precedes(element, self[hole - 1]) {
        self[hole] = self[hole - 1]
        hole -= 1
      }
      self[hole] = element
    }
  }
}
