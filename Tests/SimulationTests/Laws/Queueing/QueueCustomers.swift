import Simulation
import Workload

/// Turns the records of a run into customers of a queue, with controls.
///
/// The controls are made of x = size/servers − gap, by which the work per server found by an arrival
/// changes until the next, less its mean; of its square, less its mean; and of the product of the
/// former with what the customer found, which was settled before its size and the gap after it were
/// drawn. In heavy traffic their sum over a cycle explains almost all of its waits, because
/// W² of one customer is (W + x)² of the one before while the servers are busy (Minh and Sorli,
/// "Simulating the GI/G/1 queue in heavy traffic", Operations Research 1983). None of them assumes
/// anything of the engine but that it cannot see the future.
enum QueueCustomers {
  /// Waits for a server, first come first served, in mean services.
  static func waits(
    _ records: [RequestRecord],
    of trace: PoissonTrace,
    servers: Int
  ) -> [Customer] {
    var work = WorkFound()
    var lastFinish: SimTime = 0
    return records.indices.map { index in
      let record = records[index]
      let wait = Double(record.prefillStart - record.arrival) / PoissonTrace.service
      let innovation = Innovation(trace, index, servers: servers)
      let found = work.found(by: record, size: trace.sizes[index])
      defer { lastFinish = max(lastFinish, record.finish) }
      var controls = [innovation.change, innovation.square, wait * innovation.change]
      if servers > 1 { controls.append(found * innovation.change) }
      return Customer(
        value: wait,
        startsCycle: record.arrival >= lastFinish,
        controls: controls
      )
    }
  }

  /// Times on the link, in mean services.
  static func sojourns(_ records: [RequestRecord], of trace: PoissonTrace) -> [Customer] {
    let ends = records.map(\.transferEnd).sorted()
    var ended = 0
    var work = 0.0
    return records.indices.map { index in
      let record = records[index]
      let innovation = Innovation(trace, index, servers: 1)
      while ended < index, ends[ended] <= record.prefillEnd { ended += 1 }
      let present = Double(index - ended)
      let found = work
      work = max(0, work + trace.sizes[index] - trace.gaps[index])
      return Customer(
        value: Double(record.transferEnd - record.prefillEnd) / PoissonTrace.service,
        startsCycle: ended == index,
        controls: [
          innovation.change, innovation.square, found * innovation.change,
          present * innovation.change, innovation.size, present * innovation.size,
        ]
      )
    }
  }

  /// Times in the server of an interactive system, in mean services, as long as every session goes
  /// on. An arrival that finds the others thinking starts a cycle, because thinking has no memory.
  static func stays(_ records: [RequestRecord], of trace: InteractiveTrace) -> [Customer] {
    // The last turn of each session has no turn behind it that would come back.
    let ends = records.filter { trace.isLastTurn($0.record) }.map(\.arrival)
    let end = ends.min() ?? 0
    var finishes: [SimTime] = []
    return records.prefix { $0.arrival < end }.map { record in
      finishes.removeAll { $0 <= record.arrival }
      let found = Double(finishes.count)
      finishes.append(record.finish)
      let size = trace.sizes[Int(record.record)] - 1
      let thought = trace.thoughts[Int(record.record)] / trace.thinking - 1
      return Customer(
        value: Double(record.finish - record.arrival) / PoissonTrace.service,
        startsCycle: found == 0,
        controls: [size, found * size, thought, found * thought]
      )
    }
  }

  /// What chance adds at one arrival, less its mean.
  private struct Innovation {
    var size: Double
    var change: Double
    var square: Double

    init(_ trace: PoissonTrace, _ index: Int, servers: Int) {
      let share = 1 / Double(servers)
      let mean = share - trace.meanGap
      let x = trace.sizes[index] * share - trace.gaps[index]
      size = trace.sizes[index] - 1
      change = x - mean
      // The variance of an exponential gap is the square of its mean.
      let variance = trace.sizeVariance * share * share + trace.meanGap * trace.meanGap
      square = x * x - (variance + mean * mean)
    }
  }

  /// The work that each arrival finds, from the starts that the engine gave to those before it.
  private struct WorkFound {
    private var present: [(start: SimTime, finish: SimTime, size: Double)] = []

    mutating func found(by record: RequestRecord, size: Double) -> Double {
      present.removeAll { $0.finish <= record.arrival }
      let work = present.reduce(0) { sum, other in
        let done = Double(max(0, record.arrival - other.start)) / PoissonTrace.service
        return sum + other.size - done
      }
      present.append((record.prefillStart, record.finish, size))
      return work
    }
  }
}
