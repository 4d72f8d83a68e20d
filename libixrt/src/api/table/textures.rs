// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Textures, surfaces and tensor maps.

api! { TEXTURES: "Textures, surfaces and tensor maps" {
} absent {
    cuDeviceGetTexture1DLinearMaxWidth@11010;
    cuModuleGetSurfRef@3000;
    cuModuleGetTexRef@2000;
    cuParamSetTexRef@2000;
    cuSurfObjectCreate@5000;
    cuSurfObjectDestroy@5000;
    cuSurfObjectGetResourceDesc@5000;
    cuSurfRefGetArray@3000;
    cuSurfRefSetArray@3000;
    cuTensorMapEncodeIm2col@12000;
    cuTensorMapEncodeIm2colWide@12080;
    cuTensorMapEncodeTiled@12000;
    cuTensorMapReplaceAddress@12000;
    cuTensorMapSetAllocationClass@13050;
    cuTexObjectCreate@5000;
    cuTexObjectDestroy@5000;
    cuTexObjectGetResourceDesc@5000;
    cuTexObjectGetResourceViewDesc@5000;
    cuTexObjectGetTextureDesc@5000;
    cuTexRefCreate@2000;
    cuTexRefDestroy@2000;
    cuTexRefGetAddress@2000 cuTexRefGetAddress_v2@3020;
    cuTexRefGetAddressMode@2000;
    cuTexRefGetArray@2000;
    cuTexRefGetBorderColor@8000;
    cuTexRefGetFilterMode@2000;
    cuTexRefGetFlags@2000;
    cuTexRefGetFormat@2000;
    cuTexRefGetMaxAnisotropy@5000;
    cuTexRefGetMipmapFilterMode@5000;
    cuTexRefGetMipmapLevelBias@5000;
    cuTexRefGetMipmapLevelClamp@5000;
    cuTexRefGetMipmappedArray@5000;
    cuTexRefSetAddress@2000 cuTexRefSetAddress_v2@3020;
    cuTexRefSetAddress2D@2020 cuTexRefSetAddress2D_v2@3020 cuTexRefSetAddress2D_v3@4010;
    cuTexRefSetAddressMode@2000;
    cuTexRefSetArray@2000;
    cuTexRefSetBorderColor@8000;
    cuTexRefSetFilterMode@2000;
    cuTexRefSetFlags@2000;
    cuTexRefSetFormat@2000;
    cuTexRefSetMaxAnisotropy@5000;
    cuTexRefSetMipmapFilterMode@5000;
    cuTexRefSetMipmapLevelBias@5000;
    cuTexRefSetMipmapLevelClamp@5000;
    cuTexRefSetMipmappedArray@5000;
} }
