// The app: Linux, Flex Consumption, .NET isolated, with an identity of its own and no secret in its settings.
param appName string
param location string

@description('The account of the task hub and the documents; has a container deployments.')
param controlAccount string

param mirrorAccount string

@description('Whether the app waits until it takes over from the other one.')
param standsBy bool

@description('The other app, in this resource group; empty for an app alone.')
param peerName string

param componentName string
param resolvers string
param people array

@description('URI of the Key Vault secret with a passphrase that opens the repositories of the backups; empty for the vaults\' keys alone. The app\'s identity must be able to read it.')
param passphraseSecretUri string

@description('URLs of the keys in vaults that open the repositories, comma-separated, in the order in which they are tried; empty for the passphrase alone. The app\'s identity must be able to wrap and unwrap with them.')
param repositoryKeys string

@description('App settings that say how to reach the storage accounts of the plan.')
param connections object

resource control 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: controlAccount
}

resource mirror 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: mirrorAccount
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

var settings = {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD'
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  AzureWebJobsStorage__blobServiceUri: control.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: control.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: control.properties.primaryEndpoints.table
  Dr__AlertsPerMinute: '12000'
  Dr__BackupsAtOnce: '4'
  Dr__EasyAuth: ''
  Dr__FunctionKeyRole: ''
  Dr__MirrorStorage__blobServiceUri: mirror.properties.primaryEndpoints.blob
  Dr__PeerApp: empty(peerName) ? '' : resourceId('Microsoft.Web/sites', peerName)
  Dr__People: string(people)
  Dr__Region: location
  Dr__RepositoryKeys: repositoryKeys
  Dr__RepositoryPassphrase: empty(passphraseSecretUri) ? '' : '@Microsoft.KeyVault(SecretUri=${passphraseSecretUri})'
  Dr__RequestsPerMinute: '1200'
  Dr__ResourceManager: environment().resourceManager
  Dr__Resolvers: resolvers
  Dr__StandsBy: string(standsBy)
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${appName}-plan'
  location: location
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: appName
  location: location
  kind: 'functionapp,linux'
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${control.properties.primaryEndpoints.blob}deployments'
          authentication: {
            type: 'SystemAssignedIdentity'
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: 40
      }
    }
    siteConfig: {
      ftpsState: 'Disabled'
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(settings, connections)
}

// Code is published with an identity, never with a password.
resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

// Monitoring Metrics Publisher.
resource publishMetrics 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, app.id, 'MetricsPublisher')
  scope: component
  properties: {
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb')
  }
}

output name string = app.name
output principalId string = app.identity.principalId
