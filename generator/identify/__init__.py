"""Looking at strangers' photos: what is it, where does it stand, how alike are two?"""
