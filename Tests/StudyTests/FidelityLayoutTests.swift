import Study
import Testing

@Suite struct FidelityLayoutTests {
  @Test(arguments: [
    (ReplicaLabels(tensor: 8, expertTensor: 8, expert: 1), ReplicaLayout(chips: 8)),
    (
      ReplicaLabels(tensor: 4, expertTensor: 1, expert: 4),
      ReplicaLayout(chips: 4, expertGroups: 4)
    ),
    // The product of two labels that count the same chips.
    (
      ReplicaLabels(tensor: 64, expertTensor: 8, expert: 8),
      ReplicaLayout(chips: 8, expertGroups: 8)
    ),
    // Attention data parallelism.
    (
      ReplicaLabels(tensor: 1, attentionData: 8, expertTensor: 1, expert: 8),
      ReplicaLayout(chips: 8, attentionGroups: 8, expertGroups: 8)
    ),
    (
      ReplicaLabels(tensor: 1, attentionData: 16, expertTensor: 4, expert: 4),
      ReplicaLayout(chips: 4, attentionGroups: 4, expertGroups: 4)
    ),
    // Expert ranks over several replicas.
    (
      ReplicaLabels(tensor: 2, attentionData: 2, expertTensor: 1, expert: 4),
      ReplicaLayout(chips: 2, expertGroups: 2)
    ),
    // Wide expert parallelism.
    (
      ReplicaLabels(tensor: 72, attentionData: 1, expertTensor: 72, expert: 1),
      ReplicaLayout(chips: 72, attentionGroups: 72, expertGroups: 72)
    ),
    (ReplicaLabels(), ReplicaLayout(chips: 1)),
    (
      ReplicaLabels(tensor: 2, attentionData: 0, expertTensor: 0, expert: 0),
      ReplicaLayout(chips: 2)
    ),
  ])
  func `labels of three engines are read as one layout`(
    labels: ReplicaLabels,
    layout: ReplicaLayout
  ) {
    #expect(ReplicaLayout(labels) == layout)
  }
}
