/// One policy for every hook: all that a run decides.
public struct PolicySet: Sendable {
  public var admit: any Admit
  public var orderGateway: any OrderQueue
  public var routePrefill: any RoutePrefill
  public var orderPrefill: any OrderQueue
  public var formBatch: any FormBatch
  public var routeDecode: any RouteDecode
  public var orderBridge: any OrderQueue
  public var decodeAdmit: any DecodeAdmit
  public var preempt: any Preempt
  public var orderTransfers: any OrderTransfers
  public var evict: any Evict
  public var retain: any Retain
  public var writeBack: any WriteBack
  public var tier: any TierBlocks

  public init(
    admit: any Admit,
    orderGateway: any OrderQueue,
    routePrefill: any RoutePrefill,
    orderPrefill: any OrderQueue,
    formBatch: any FormBatch,
    routeDecode: any RouteDecode,
    orderBridge: any OrderQueue,
    decodeAdmit: any DecodeAdmit,
    preempt: any Preempt,
    orderTransfers: any OrderTransfers,
    evict: any Evict,
    retain: any Retain,
    writeBack: any WriteBack,
    tier: any TierBlocks
  ) {
    self.admit = admit
    self.orderGateway = orderGateway
    self.routePrefill = routePrefill
    self.orderPrefill = orderPrefill
    self.formBatch = formBatch
    self.routeDecode = routeDecode
    self.orderBridge = orderBridge
    self.decodeAdmit = decodeAdmit
    self.preempt = preempt
    self.orderTransfers = orderTransfers
    self.evict = evict
    self.retain = retain
    self.writeBack = writeBack
    self.tier = tier
  }

  private var all: [any Policy] {
    [
      admit, orderGateway, routePrefill, orderPrefill, formBatch, routeDecode, orderBridge,
      decodeAdmit, preempt, orderTransfers, evict, retain, writeBack, tier,
    ]
  }

  public var signals: Signals { all.reduce(into: []) { $0.formUnion($1.signals) } }

  public var reviewsAreExact: Bool { all.allSatisfy { $0.reviewsAreExact } }

  /// The least deployable knowledge that any of the policies uses.
  public var clairvoyance: Clairvoyance {
    let uses = all.map(\.clairvoyance)
    return uses.contains(.oracle)
      ? .oracle : uses.contains(.predicted) ? .predicted : .observable
  }
}
