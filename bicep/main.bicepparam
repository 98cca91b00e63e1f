// The shop of samples/shop.yaml: at home in West Europe, North Europe takes over, DrFunctions lives in a third region.
using 'main.bicep'

param name = 'shop'
param controlLocation = 'swedencentral'
param mirrorLocation = 'northeurope'
param primaryLocation = 'westeurope'
param secondaryLocation = 'northeurope'
param primarySite = 'shop-westeurope'
param secondarySite = 'shop-northeurope'
param profileName = 'shop'
param primaryConnection = 'SHOP_WESTEUROPE_STORAGE'
param secondaryConnection = 'SHOP_NORTHEUROPE_STORAGE'
