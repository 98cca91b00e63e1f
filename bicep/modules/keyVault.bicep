// A vault of one region, with a key that opens the repositories of the backups: it wraps, and never leaves the vault. Neither can be destroyed before its time is over,
// whoever deletes it: a repository that nothing else opens would be lost with it.
@description('3 to 24 letters, digits and hyphens, unique worldwide.')
param vaultName string

param location string

@description('The key in the vault.')
param wrappingName string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: vaultName
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
  }
}

// Deployed again, it stays as it is: versions are made by rotation only.
resource wrapping 'Microsoft.KeyVault/vaults/keys@2023-07-01' = {
  parent: vault
  name: wrappingName
  properties: {
    kty: 'RSA'
    keySize: 3072
    keyOps: [
      'wrapKey'
      'unwrapKey'
    ]
    attributes: {
      enabled: true
    }
  }
}

output name string = vault.name
output url string = vault.properties.vaultUri
