// What a principal may do with the key of one vault: read its public half, wrap and unwrap. Nothing of the vault, and no other key.
param vaultName string
param wrappingName string
param principalId string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource wrapping 'Microsoft.KeyVault/vaults/keys@2023-07-01' existing = {
  parent: vault
  name: wrappingName
}

// Key Vault Crypto Service Encryption User.
resource wrap 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(wrapping.id, principalId, 'wrap')
  scope: wrapping
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'e147488a-f6f5-4113-8e2d-b22465e65bf6')
  }
}
