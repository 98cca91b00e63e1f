// DrFunctions for one workload: the function app in the control region, storage in both regions of the workload, Traffic
// Manager in front of the workload's two web apps, and the way of an alert from Azure Monitor through Event Grid to the app.
// The web apps themselves belong to the workload and exist already. Order of work: README.md, "Deploy".
targetScope = 'resourceGroup'

@description('Begins the name of everything that is created: 3 to 11 lower-case letters and digits.')
@minLength(3)
@maxLength(11)
param name string

@description('The region that carries DrFunctions. Never the primary region.')
param controlLocation string

@description('Where plans, locks and journals are written a second time. Not the control region.')
param mirrorLocation string

@description('The region that carries the workload at home.')
param primaryLocation string

@description('The region that takes over.')
param secondaryLocation string

@description('The existing web app of the workload in the primary region, in this resource group.')
param primarySite string

@description('The existing web app of the workload in the secondary region, in this resource group.')
param secondarySite string

@description('The Traffic Manager profile, and the first label of its name under trafficmanager.net.')
param profileName string

@description('False once the profile exists: deploying it again would send users back to where they were at home.')
param createProfile bool = true

@description('True once the app is published: Event Grid subscribes to the function Alert, which must exist.')
param subscribeAlerts bool = false

@description('The app settings that the plan calls connections, for the primary and the secondary region.')
param primaryConnection string
param secondaryConnection string

@description('Containers of the workload that exist in both regions, beside the container backups.')
param dataContainers array = [
  'files'
]

@description('True for a second app, where the mirror is, that takes over when the control region is lost.')
param standby bool = false

@description('DNS servers that the proof from outside asks.')
param resolvers string = '1.1.1.1:53,8.8.8.8:53'

@description('Who may call the app, as dr people keeps it: names, roles and hashes of keys.')
param people array = []

@description('The key, in a vault of either region of the workload, that opens the repositories of the backups.')
param wrappingName string = 'backups'

@description('URI of the Key Vault secret with a passphrase that opens the repositories of the backups beside the vaults\' keys; empty for none.')
param passphraseSecretUri string = ''

@description('The same secret in a vault of the second app\'s region, so that the loss of one region leaves the other one; default the same vault.')
param standbyPassphraseSecretUri string = passphraseSecretUri

@description('Where people are told about alerts; empty for nobody.')
param mailReceiver string = ''

var suffix = uniqueString(resourceGroup().id, name)
var backupContainers = concat(['backups'], dataContainers)
var appName = '${name}-dr-${suffix}'
var standbyName = '${name}-sb-${suffix}'

var primaryWrapping = '${primaryVault.outputs.url}keys/${wrappingName}'
var secondaryWrapping = '${secondaryVault.outputs.url}keys/${wrappingName}'

// The secondary region's first: when the primary is lost, nobody waits for its vault.
var repositoryKeys = '${secondaryWrapping},${primaryWrapping}'

module control 'modules/storage.bicep' = {
  name: 'control-storage'
  params: {
    accountName: 'c${take(name, 9)}${suffix}'
    location: controlLocation
    containers: [
      'drfunctions'
      'deployments'
      'deadletters'
    ]
    // The task hub's queues, tables and leases change all the time: old versions of them help nobody.
    keepVersions: false
  }
}

module mirror 'modules/storage.bicep' = {
  name: 'mirror-storage'
  params: {
    accountName: 'm${take(name, 9)}${suffix}'
    location: mirrorLocation
    containers: [
      'drfunctions'
      'deployments'
      'deadletters'
    ]
  }
}

module primary 'modules/storage.bicep' = {
  name: 'primary-storage'
  params: {
    accountName: 'p${take(name, 9)}${suffix}'
    location: primaryLocation
    containers: backupContainers
  }
}

module secondary 'modules/storage.bicep' = {
  name: 'secondary-storage'
  params: {
    accountName: 's${take(name, 9)}${suffix}'
    location: secondaryLocation
    containers: backupContainers
  }
}

module primaryVault 'modules/keyVault.bicep' = {
  name: 'primary-vault'
  params: {
    vaultName: 'kp${take(name, 9)}${suffix}'
    location: primaryLocation
    wrappingName: wrappingName
  }
}

module secondaryVault 'modules/keyVault.bicep' = {
  name: 'secondary-vault'
  params: {
    vaultName: 'ks${take(name, 9)}${suffix}'
    location: secondaryLocation
    wrappingName: wrappingName
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    name: name
    location: controlLocation
  }
}

module app 'modules/functionApp.bicep' = {
  name: 'function-app'
  params: {
    appName: appName
    location: controlLocation
    controlAccount: control.outputs.name
    mirrorAccount: mirror.outputs.name
    standsBy: false
    peerName: standby ? standbyName : ''
    componentName: monitoring.outputs.componentName
    resolvers: resolvers
    people: people
    passphraseSecretUri: passphraseSecretUri
    repositoryKeys: repositoryKeys
    connections: {
      '${primaryConnection}__blobServiceUri': primary.outputs.blobEndpoint
      '${secondaryConnection}__blobServiceUri': secondary.outputs.blobEndpoint
    }
  }
}

// The same app again: the first one's mirror is its control account, and the other way round.
module standbyApp 'modules/functionApp.bicep' = if (standby) {
  name: 'standby-app'
  params: {
    appName: standbyName
    location: mirrorLocation
    controlAccount: mirror.outputs.name
    mirrorAccount: control.outputs.name
    standsBy: true
    peerName: appName
    componentName: monitoring.outputs.componentName
    resolvers: resolvers
    people: people
    passphraseSecretUri: standbyPassphraseSecretUri
    repositoryKeys: repositoryKeys
    connections: {
      '${primaryConnection}__blobServiceUri': primary.outputs.blobEndpoint
      '${secondaryConnection}__blobServiceUri': secondary.outputs.blobEndpoint
    }
  }
}

module standbyAccess 'modules/standbyAccess.bicep' = if (standby) {
  name: 'standby-access'
  params: {
    principalId: standbyApp!.outputs.principalId
    controlAccount: mirror.outputs.name
    dataAccounts: [
      control.outputs.name
      primary.outputs.name
      secondary.outputs.name
    ]
  }
}

// Blobs of the task hub need Owner for leases; queues and tables are the task hub's.
module controlAccess 'modules/storageAccess.bicep' = {
  name: 'control-access'
  params: {
    accountName: control.outputs.name
    principalId: app.outputs.principalId
    roles: [
      'BlobOwner'
      'QueueContributor'
      'TableContributor'
    ]
  }
}

module mirrorAccess 'modules/storageAccess.bicep' = {
  name: 'mirror-access'
  params: {
    accountName: mirror.outputs.name
    principalId: app.outputs.principalId
    roles: [
      'BlobContributor'
    ]
  }
}

module primaryAccess 'modules/storageAccess.bicep' = {
  name: 'primary-access'
  params: {
    accountName: primary.outputs.name
    principalId: app.outputs.principalId
    roles: [
      'BlobContributor'
    ]
  }
}

module secondaryAccess 'modules/storageAccess.bicep' = {
  name: 'secondary-access'
  params: {
    accountName: secondary.outputs.name
    principalId: app.outputs.principalId
    roles: [
      'BlobContributor'
    ]
  }
}

module primaryVaultAccess 'modules/keyVaultAccess.bicep' = {
  name: 'primary-vault-access'
  params: {
    vaultName: primaryVault.outputs.name
    wrappingName: wrappingName
    principalId: app.outputs.principalId
  }
}

module secondaryVaultAccess 'modules/keyVaultAccess.bicep' = {
  name: 'secondary-vault-access'
  params: {
    vaultName: secondaryVault.outputs.name
    wrappingName: wrappingName
    principalId: app.outputs.principalId
  }
}

module standbyPrimaryVaultAccess 'modules/keyVaultAccess.bicep' = if (standby) {
  name: 'standby-primary-vault-access'
  params: {
    vaultName: primaryVault.outputs.name
    wrappingName: wrappingName
    principalId: standbyApp!.outputs.principalId
  }
}

module standbySecondaryVaultAccess 'modules/keyVaultAccess.bicep' = if (standby) {
  name: 'standby-secondary-vault-access'
  params: {
    vaultName: secondaryVault.outputs.name
    wrappingName: wrappingName
    principalId: standbyApp!.outputs.principalId
  }
}

module traffic 'modules/traffic.bicep' = if (createProfile) {
  name: 'traffic'
  params: {
    profileName: profileName
    primaryEndpoint: primaryLocation
    primarySite: primarySite
    secondaryEndpoint: secondaryLocation
    secondarySite: secondarySite
  }
}

module workloadAccess 'modules/workloadAccess.bicep' = {
  name: 'workload-access'
  params: {
    principalId: app.outputs.principalId
    sites: concat([primarySite, secondarySite], standby ? [standbyName] : [])
    profileName: profileName
  }
  dependsOn: [
    traffic
    standbyApp
  ]
}

module standbyWorkloadAccess 'modules/workloadAccess.bicep' = if (standby) {
  name: 'standby-workload-access'
  params: {
    principalId: standbyApp!.outputs.principalId
    sites: [
      primarySite
      secondarySite
      appName
    ]
    profileName: profileName
  }
  dependsOn: [
    traffic
    app
  ]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    topicName: '${name}-alerts-${suffix}'
    location: controlLocation
    deadLetterAccount: control.outputs.name
    deadLetterContainer: 'deadletters'
    appName: app.outputs.name
    subscribe: subscribeAlerts
  }
}

module alertBridge 'modules/alertBridge.bicep' = {
  name: 'alert-bridge'
  params: {
    name: name
    location: controlLocation
    topicName: alerts.outputs.topicName
    profileName: profileName
    endpointName: primaryLocation
    mailReceiver: mailReceiver
  }
  dependsOn: [
    traffic
  ]
}

// An alert must reach the second app without the region of the first one.
module standbyAlerts 'modules/alerts.bicep' = if (standby) {
  name: 'standby-alerts'
  params: {
    topicName: '${name}-sb-alerts-${suffix}'
    location: mirrorLocation
    deadLetterAccount: mirror.outputs.name
    deadLetterContainer: 'deadletters'
    appName: standbyName
    subscribe: subscribeAlerts
  }
  dependsOn: [
    standbyApp
  ]
}

module standbyAlertBridge 'modules/alertBridge.bicep' = if (standby) {
  name: 'standby-alert-bridge'
  params: {
    name: '${name}sb'
    location: mirrorLocation
    topicName: standbyAlerts!.outputs.topicName
    profileName: profileName
    endpointName: primaryLocation
    mailReceiver: ''
  }
  dependsOn: [
    traffic
  ]
}

@description('Publish the app to this name.')
output appName string = app.outputs.name

@description('And to this one, where a second app stands by; empty without one.')
output standbyName string = standby ? standbyName : ''

@description('The topic that alerts of other sources may be sent to.')
output topicEndpoint string = alerts.outputs.topicEndpoint

@description('What opens the repositories: give them to dr backup init as --vault-key.')
output primaryVaultUrl string = primaryWrapping
output secondaryVaultUrl string = secondaryWrapping
