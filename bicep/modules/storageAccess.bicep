// What a principal may do with the data of one account, and nothing of its settings.
param accountName string
param principalId string

@description('BlobOwner, BlobContributor, QueueContributor or TableContributor.')
param roles array

var roleIds = {
  BlobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  BlobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  QueueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  TableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: accountName
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(account.id, principalId, role)
    scope: account
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[role])
    }
  }
]
