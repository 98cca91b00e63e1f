// What the second app may do with the storage accounts: its own task hub and documents, and the data of all others.
param principalId string

@description('The account of its task hub and documents.')
param controlAccount string

@description('The first app\'s control account, and those of the workload.')
param dataAccounts array

// Blobs of the task hub need Owner for leases; queues and tables are the task hub's.
module control 'storageAccess.bicep' = {
  name: 'standby-control-access'
  params: {
    accountName: controlAccount
    principalId: principalId
    roles: [
      'BlobOwner'
      'QueueContributor'
      'TableContributor'
    ]
  }
}

module data 'storageAccess.bicep' = [
  for (account, index) in dataAccounts: {
    name: 'standby-data-access-${index}'
    params: {
      accountName: account
      principalId: principalId
      roles: [
        'BlobContributor'
      ]
    }
  }
]
