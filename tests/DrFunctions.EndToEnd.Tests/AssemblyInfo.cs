// Each test starts a dozen processes; the kill test plays two scenes at once by itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
