// What the app may do with the workload: start and stop its two sites, move its users. Nothing else.
param principalId string
param sites array
param profileName string

resource webApps 'Microsoft.Web/sites@2024-04-01' existing = [
  for site in sites: {
    name: site
  }
]

resource profile 'Microsoft.Network/trafficManagerProfiles@2022-04-01' existing = {
  name: profileName
}

resource operateSites 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'drfunctions-operate-sites')
  properties: {
    roleName: 'DrFunctions site operator (${resourceGroup().name})'
    description: 'Reads, starts and stops web apps.'
    type: 'CustomRole'
    assignableScopes: [
      resourceGroup().id
    ]
    permissions: [
      {
        actions: [
          'Microsoft.Web/sites/read'
          'Microsoft.Web/sites/start/action'
          'Microsoft.Web/sites/stop/action'
        ]
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

// A profile is written with all its endpoints at once, and Traffic Manager checks that the writer may read each target.
resource moveUsers 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'drfunctions-move-users')
  properties: {
    roleName: 'DrFunctions traffic operator (${resourceGroup().name})'
    description: 'Reads and writes Traffic Manager profiles and their endpoints.'
    type: 'CustomRole'
    assignableScopes: [
      resourceGroup().id
    ]
    permissions: [
      {
        actions: [
          'Microsoft.Network/trafficManagerProfiles/read'
          'Microsoft.Network/trafficManagerProfiles/write'
          'Microsoft.Network/trafficManagerProfiles/azureEndpoints/read'
          'Microsoft.Network/trafficManagerProfiles/azureEndpoints/write'
        ]
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

resource onSites 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (site, index) in sites: {
    name: guid(webApps[index].id, principalId, 'operate-sites')
    scope: webApps[index]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: operateSites.id
    }
  }
]

resource onProfile 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(profile.id, principalId, 'move-users')
  scope: profile
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: moveUsers.id
  }
}
